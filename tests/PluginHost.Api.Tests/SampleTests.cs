using System.Globalization;
using System.Net;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>Every call of the samples' tables gives over HTTP what native Go gave, bit for bit.</summary>
public sealed class SampleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("calc")]
    [InlineData("counter")]
    [InlineData("goroutines")]
    [InlineData("text")]
    [InlineData("crypto")]
    [InlineData("kernels")]
    public async Task Sample_EveryRowOfItsTable_GivesWhatNativeGoGives(string sample)
    {
        using var table = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "plugins", sample, "expected.json")));
        using var upload = await api.UploadAsync($"table-{sample}", Repository.Sample(sample));
        var exports = table.RootElement.GetProperty("exports");
        var wrong = new List<string>();
        var rows = 0;

        foreach (var row in table.RootElement.GetProperty("rows").EnumerateArray())
        {
            rows++;
            var export = row.GetProperty("export").GetString()!;
            var types = exports.GetProperty(export).GetProperty("parameters").EnumerateArray().Select(type => type.GetString()!).ToList();
            var arguments = row.GetProperty("args").EnumerateArray().Select((bits, index) => Argument(types[index], bits.GetString()!));
            using var response = await api.InvokeAsync($"table-{sample}", export, $"{{\"args\":[{string.Join(',', arguments)}]}}", "?float=bits");
            var body = await response.Content.ReadAsStringAsync();
            var resultTypes = exports.GetProperty(export).GetProperty("results").EnumerateArray().Select(type => type.GetString()!).ToList();
            var expected = row.GetProperty("results").EnumerateArray().Select(result => result.GetString()!).ToList();

            if (response.StatusCode != HttpStatusCode.OK || !Matches(body, resultTypes, expected))
                wrong.Add($"{row.GetRawText()}: {(int)response.StatusCode} {body}");
        }

        Assert.NotEqual(0, rows);
        Assert.Empty(wrong);
    }

    private static string Argument(string type, string bits) => type is "f32" or "f64" ? $"{{\"bits\":\"{bits}\"}}" : $"\"{bits}\"";

    private static bool Matches(string body, List<string> types, List<string> expected)
    {
        using var document = JsonDocument.Parse(body);
        var results = document.RootElement.GetProperty("results").EnumerateArray().ToList();

        return results.Count == expected.Count && results.Select((result, index) => Matches(result, types[index], expected[index])).All(same => same);
    }

    private static bool Matches(JsonElement result, string type, string expected)
    {
        ulong bits = type switch
        {
            "i32" => (uint)result.GetInt32(),
            "i64" => (ulong)long.Parse(result.GetString()!, CultureInfo.InvariantCulture),
            _ => ulong.Parse(result.GetProperty("bits").GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        };

        if (expected == "nan")
            return type == "f32" ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)) : double.IsNaN(BitConverter.UInt64BitsToDouble(bits));

        return bits == ulong.Parse(expected.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
