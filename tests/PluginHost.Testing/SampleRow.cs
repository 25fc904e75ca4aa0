using System.Globalization;
using System.Text.Json;

namespace PluginHost.Testing;

/// <summary>A call of a sample's table (<c>plugins/NAME/expected.json</c>), and what native Go gave for it.</summary>
/// <param name="Arguments">As bits: 32-bit ones in the low half.</param>
/// <param name="Json">The arguments as the server takes them, one behind the other.</param>
/// <param name="ResultTypes">The WebAssembly types of the results.</param>
/// <param name="Expected">The bits of each result as a hexadecimal number, or <c>nan</c> for any that is not a number.</param>
public sealed record SampleRow(string Export, IReadOnlyList<ulong> Arguments, string Json, IReadOnlyList<string> ResultTypes, IReadOnlyList<string> Expected)
{
    /// <summary>All rows, in the order in which they must be called: some samples keep state.</summary>
    public static IReadOnlyList<SampleRow> Table(string sample)
    {
        using var table = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "plugins", sample, "expected.json")));
        var exports = table.RootElement.GetProperty("exports");

        return [.. table.RootElement.GetProperty("rows").EnumerateArray().Select(row => Of(row, exports))];
    }

    /// <summary>Whether results are what is expected, bit for bit.</summary>
    public bool Matches(ReadOnlySpan<ulong> results)
    {
        if (results.Length != Expected.Count)
            return false;

        for (var i = 0; i < results.Length; i++)
        {
            if (!Matches(results[i], ResultTypes[i], Expected[i]))
                return false;
        }

        return true;
    }

    /// <summary>Whether the server's answer to the call with <c>?float=bits</c> is what is expected, bit for bit.</summary>
    public bool Matches(JsonElement answer)
    {
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        return results.Count == Expected.Count && Matches([.. results.Select((result, index) => Bits(result, ResultTypes[index]))]);
    }

    public override string ToString() => $"{Export}({string.Join(", ", Arguments.Select(bits => $"0x{bits:x}"))}) = {string.Join(", ", Expected)}";

    private static SampleRow Of(JsonElement row, JsonElement exports)
    {
        var export = row.GetProperty("export").GetString()!;
        var type = exports.GetProperty(export);
        var parameters = Texts(type, "parameters");
        var arguments = Texts(row, "args");
        var json = arguments.Select((bits, index) => parameters[index] is "f32" or "f64" ? $"{{\"bits\":\"{bits}\"}}" : $"\"{bits}\"");

        return new SampleRow(export, [.. arguments.Select(Hexadecimal)], string.Join(',', json), Texts(type, "results"), Texts(row, "results"));
    }

    private static List<string> Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static ulong Hexadecimal(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static ulong Bits(JsonElement result, string type) => type switch
    {
        "i32" => (uint)result.GetInt32(),
        "i64" => (ulong)long.Parse(result.GetString()!, CultureInfo.InvariantCulture),
        _ => Hexadecimal(result.GetProperty("bits").GetString()!),
    };

    private static bool Matches(ulong bits, string type, string expected) => expected switch
    {
        "nan" when type == "f32" => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)),
        "nan" => double.IsNaN(BitConverter.UInt64BitsToDouble(bits)),
        _ => bits == Hexadecimal(expected),
    };
}
