using System.Globalization;
using System.Text.Json;

namespace PluginHost.Soak;

/// <summary>A call of a sample's table and what native Go gave for it.</summary>
internal sealed record SampleCall(string Export, string Arguments, IReadOnlyList<string> Types, IReadOnlyList<string> Expected)
{
    public static IReadOnlyList<SampleCall> Table(string sample)
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "plugins", sample, "expected.json")));
        var exports = table.RootElement.GetProperty("exports");

        return [.. table.RootElement.GetProperty("rows").EnumerateArray().Select(row => Of(row, exports))];
    }

    /// <summary>Whether an answer to the call with <c>?float=bits</c> is what is expected, bit for bit.</summary>
    public bool Matches(JsonElement answer)
    {
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        return results.Count == Expected.Count && results.Select((result, index) => Matches(result, Types[index], Expected[index])).All(same => same);
    }

    private static SampleCall Of(JsonElement row, JsonElement exports)
    {
        var export = row.GetProperty("export").GetString()!;
        var type = exports.GetProperty(export);
        var parameters = Texts(type, "parameters");
        var arguments = Texts(row, "args").Select((bits, index) => parameters[index] is "f32" or "f64" ? $"{{\"bits\":\"{bits}\"}}" : $"\"{bits}\"");

        return new SampleCall(export, string.Join(',', arguments), Texts(type, "results"), Texts(row, "results"));
    }

    private static List<string> Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static bool Matches(JsonElement result, string type, string expected)
    {
        ulong bits = type switch
        {
            "i32" => (uint)result.GetInt32(),
            "i64" => (ulong)long.Parse(result.GetString()!, CultureInfo.InvariantCulture),
            _ => ulong.Parse(result.GetProperty("bits").GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        };

        if (expected == "nan")
            return type == "f32" ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)) : double.IsNaN(BitConverter.UInt64BitsToDouble(bits));

        return bits == ulong.Parse(expected.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
