using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Scalars;

/// <summary>Values that go through HTTP, JSON and a guest that gives them back, in whichever form the answer is asked for.</summary>
[Properties(Arbitrary = [typeof(ScalarBits)], Replay = PropertySeed.Fixed, MaxTest = 60, StartSize = 40, EndSize = 120, QuietOnSuccess = true)]
public sealed class ScalarHttpProperties(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Property]
    public async Task Echo_AnyValues_ComeBackInEveryView(ScalarBits[] values, bool int64AsNumber, bool floatAsBits, bool unsigned)
    {
        using var upload = await api.UploadAsync("echo", Repository.Sample("calc"));
        var query = $"?int64={(int64AsNumber ? "number" : "string")}&float={(floatAsBits ? "bits" : "number")}";

        foreach (var same in values.GroupBy(value => value.Type))
        {
            var export = Export(same.Key, unsigned);
            var calls = string.Join(',', same.Select(value => $"[{value.Argument()}]"));
            using var answer = await api.Client.PostAsync(
                new Uri($"/v1/plugins/echo/exports/{export}/batch{query}", UriKind.Relative), new StringContent($"{{\"calls\":[{calls}]}}", Encoding.UTF8, "application/json"));
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(
                same.Select(value => Expected(value, int64AsNumber, floatAsBits)),
                body.RootElement.GetProperty("results").EnumerateArray().Select(result => Normalize(result.GetProperty("results")[0], same.Key)));
        }
    }

    [Property(MaxTest = 200)]
    public async Task Echo_OneValue_ComesBackByItself(ScalarBits value)
    {
        using var upload = await api.UploadAsync("echo", Repository.Sample("calc"));

        using var answer = await api.InvokeAsync("echo", Export(value.Type, value.Form % 2 == 0), $"{{\"args\":[{value.Argument()}]}}", "?float=bits");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Expected(value, int64AsNumber: false, floatAsBits: true), Normalize(body.RootElement.GetProperty("results")[0], value.Type));
    }

    private static string Export(ValueType type, bool unsigned) => type switch
    {
        ValueType.I32 => unsigned ? "echoU32" : "echoI32",
        ValueType.I64 => unsigned ? "echoU64" : "echoI64",
        ValueType.F32 => "echoF32",
        _ => "echoF64",
    };

    private static string Expected(ScalarBits value, bool int64AsNumber, bool floatAsBits)
    {
        var digits = value.Signed.ToString(CultureInfo.InvariantCulture);

        return value.Type switch
        {
            ValueType.I32 => digits,
            ValueType.I64 => int64AsNumber ? digits : $"\"{digits}\"",
            _ when floatAsBits => value.Width == 32 ? $"0x{value.Bits:x8}" : $"0x{value.Bits:x16}",
            _ => value.IsNaN ? "NaN" : $"0x{value.Bits:x}",
        };
    }

    /// <summary>Integers as they stand in the answer; floats by what their number or their bits say.</summary>
    private static string Normalize(JsonElement result, ValueType type)
    {
        if (type is ValueType.I32 or ValueType.I64)
            return result.GetRawText();

        if (result.ValueKind == JsonValueKind.Object)
            return result.GetProperty("bits").GetString()!;

        var text = result.ValueKind == JsonValueKind.String ? result.GetString()! : result.GetRawText();
        var bits = type == ValueType.F32
            ? BitConverter.SingleToUInt32Bits(float.Parse(text, CultureInfo.InvariantCulture))
            : BitConverter.DoubleToUInt64Bits(double.Parse(text, CultureInfo.InvariantCulture));
        return text == "NaN" ? text : $"0x{bits:x}";
    }
}
