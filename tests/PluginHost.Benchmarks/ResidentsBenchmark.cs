using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PluginHost.Benchmarks;

/// <summary>
/// What a server holds with one instance of <c>calc</c> and with a thousand, all after <c>_initialize</c> and kept though nobody calls them: what is resident, what of
/// it is the collector's, the guests' memories, and the code that they share. Each server is idle long enough to have given back what it does not use.
/// </summary>
internal static partial class ResidentsBenchmark
{
    private const int Residents = 1_000;
    private const double MiB = 1024 * 1024;
    private const double KiB = 1024;

    public static async Task RunAsync(BenchmarkOptions options, Report report, string assembly)
    {
        var one = await MeasureAsync(assembly, 1);
        var all = await MeasureAsync(assembly, Residents);

        Add("the server with one instance: resident", "MiB", one.Resident / MiB);
        Add($"the server with {Residents} instances: resident", "MiB", all.Resident / MiB);
        Add("one more instance: resident", "KiB", (all.Resident - one.Resident) / KiB / (Residents - 1));
        Add("one more instance: the collector's heap", "KiB", (all.Heap - one.Heap) / KiB / (Residents - 1));
        Add("one instance: guest memory (size; untouched pages take nothing)", "KiB", one.Guest / KiB);
        Add($"{Residents} instances: guest memory", "MiB", all.Guest / MiB);
        Add("one instance: functions lowered", "functions", one.Lowered);
        Add("one instance: register code", "KiB", one.RegisterCode / KiB);
        Add("one instance: compiled code (IL)", "KiB", one.CompiledCode / KiB);
        Add($"{Residents} instances: functions lowered", "functions", all.Lowered);
        Add($"{Residents} instances: register code", "KiB", all.RegisterCode / KiB);
        Add($"{Residents} instances: compiled code (IL)", "KiB", all.CompiledCode / KiB);
        Add($"{Residents} instances: until all were there", "ms", all.Milliseconds);

        void Add(string name, string unit, double value)
        {
            if (options.Wants(name))
                report.Add(new Measurement(name, unit, value, null, "", "–"));
        }
    }

    private static async Task<Footprint> MeasureAsync(string assembly, int instances)
    {
        var count = instances.ToString(CultureInfo.InvariantCulture);
        await using var server = await ServerProcess.StartAsync(
            assembly, null, ("PluginHost__Limits__MaximumConfigurableInstances", count), ("PluginHost__Limits__MaximumTotalInstances", count), ("PluginHost__Limits__MaximumInstances", "1"), ("PluginHost__Limits__IdleSeconds", "2"));
        await server.ConfigureAsync("calc", $$$"""{"pool":{"minimum":{{{count}}},"maximum":{{{count}}}}}""");
        var begin = server.Age;
        await server.UploadToFirstResultAsync("calc", Repository.Sample("calc"));
        JsonElement statistics;

        do
        {
            await Task.Delay(20);
            statistics = JsonDocument.Parse(await server.GetAsync("/v1/plugins/calc/stats")).RootElement;
        }
        while (statistics.GetProperty("pools")[0].GetProperty("idle").GetInt32() < instances);

        var milliseconds = server.Age - begin;

        // Twice the time after which the server gives back what it does not use.
        await Task.Delay(TimeSpan.FromSeconds(6));
        var tiers = statistics.GetProperty("tiers")[0];
        var heap = HeapBytes.Matches(await server.GetAsync("/metrics")).Sum(match => double.Parse(match.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture));

        return new Footprint(
            server.ResidentBytes,
            heap,
            statistics.GetProperty("pools")[0].GetProperty("memoryBytes").GetInt64(),
            tiers.GetProperty("interpreted").GetProperty("functions").GetInt32(),
            tiers.GetProperty("interpreted").GetProperty("bytes").GetInt64(),
            tiers.GetProperty("compiled").GetProperty("ilBytes").GetInt64() + tiers.GetProperty("resumable").GetProperty("ilBytes").GetInt64(),
            milliseconds);
    }

    [GeneratedRegex(@"^dotnet_gc_last_collection_heap_size_bytes\{[^}]*\} (?<bytes>[0-9.eE+]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HeapBytes { get; }

    private sealed record Footprint(long Resident, double Heap, long Guest, int Lowered, long RegisterCode, long CompiledCode, double Milliseconds);
}
