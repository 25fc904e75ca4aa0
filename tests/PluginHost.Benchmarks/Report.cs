using System.Globalization;
using System.Text.Json;

namespace PluginHost.Benchmarks;

/// <summary>Collects the measurements and prints them: each as it comes, and all as a Markdown table at the end.</summary>
internal sealed class Report(TextWriter output)
{
    private static readonly JsonSerializerOptions _jsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly List<Measurement> _measurements = [];

    public void Add(Measurement measurement)
    {
        _measurements.Add(measurement);
        output.WriteLine(Row(measurement));
    }

    public void Note(string text) => output.WriteLine($"note: {text}");

    public void WriteTable()
    {
        output.WriteLine();
        output.WriteLine("| what | PluginHost | beside | ratio | aim |");
        output.WriteLine("|---|---:|---:|---:|---|");

        foreach (var measurement in _measurements)
            output.WriteLine(Row(measurement));
    }

    public void WriteJson(string file)
    {
        using var stream = File.Create(file);

        JsonSerializer.Serialize(stream, _measurements, _jsonOptions);
    }

    private static string Row(Measurement measurement)
    {
        var other = measurement.Other is { } value ? $"{Number(value)} {measurement.Unit} ({measurement.OtherName})" : "–";
        var ratio = measurement.Ratio is { } factor ? factor.ToString("0.00", CultureInfo.InvariantCulture) : "–";

        return $"| {measurement.Name} | {Number(measurement.Ours)} {measurement.Unit} | {other} | {ratio} | {measurement.Aim} |";
    }

    private static string Number(double value) => value.ToString(value switch
    {
        >= 1_000 => "#,0",
        >= 100 => "0",
        >= 10 => "0.0",
        _ => "0.00",
    }, CultureInfo.InvariantCulture);
}
