using System.Text;
using System.Text.Json;
using PluginHost.Api.Scalars;
using PluginHost.Wasm.Modules;

namespace PluginHost.Api.Tests.Scalars;

public sealed class ScalarTests
{
    [Theory]
    [InlineData(ValueType.I32, "-2147483648", 0x80000000)]
    [InlineData(ValueType.I32, "4294967295", 0xFFFFFFFF)]
    [InlineData(ValueType.I32, "1.0", 1)]
    [InlineData(ValueType.I32, "1e2", 100)]
    [InlineData(ValueType.I32, "10e-1", 1)]
    [InlineData(ValueType.I32, "0.5e1", 5)]
    [InlineData(ValueType.I32, "0e999999999999", 0)]
    [InlineData(ValueType.I32, "-0", 0)]
    [InlineData(ValueType.I32, "\"0xFFFFFFFF\"", 0xFFFFFFFF)]
    [InlineData(ValueType.I32, "\"\\u0037\"", 7)]
    [InlineData(ValueType.I64, "9007199254740993", 9007199254740993)]
    [InlineData(ValueType.I64, "18446744073709551615", ulong.MaxValue)]
    [InlineData(ValueType.I64, "\"-9223372036854775808\"", 0x8000000000000000)]
    [InlineData(ValueType.I64, "1844674407370955161.5e1", ulong.MaxValue)]
    [InlineData(ValueType.I64, "100000000000000000000000000000e-29", 1)]
    [InlineData(ValueType.F32, "16777217", 0x4B800000)]
    [InlineData(ValueType.F32, "-0", 0x80000000)]
    [InlineData(ValueType.F32, "{\"bits\":\"0x7fc00001\"}", 0x7FC00001)]
    [InlineData(ValueType.F32, "\"NaN\"", 0x7FC00000)]
    [InlineData(ValueType.F64, "\"-Infinity\"", 0xFFF0000000000000)]
    [InlineData(ValueType.F64, "4.9e-324", 1)]
    [InlineData(ValueType.F64, "-0.0", 0x8000000000000000)]
    public void Read_Value_GivesItsBits(ValueType type, string json, ulong bits)
    {
        var arguments = new ulong[1];

        var error = ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes($"{{\"args\":[{json}]}}"), new FunctionType([type], []), arguments);

        Assert.Null(error);
        Assert.Equal(bits, arguments[0]);
    }

    [Theory]
    [InlineData(ValueType.I32, "4294967296", "argument-out-of-range")]
    [InlineData(ValueType.I32, "-2147483649", "argument-out-of-range")]
    [InlineData(ValueType.I32, "1e10", "argument-out-of-range")]
    [InlineData(ValueType.I32, "1e-1", "argument-type")]
    [InlineData(ValueType.I32, "0.1", "argument-type")]
    [InlineData(ValueType.I32, "1000000000000000000000000000000.5", "argument-type")]
    [InlineData(ValueType.I32, "\"\"", "argument-type")]
    [InlineData(ValueType.I32, "\"0x\"", "argument-type")]
    [InlineData(ValueType.I32, "\" 1\"", "argument-type")]
    [InlineData(ValueType.I32, "null", "argument-type")]
    [InlineData(ValueType.I64, "18446744073709551616", "argument-out-of-range")]
    [InlineData(ValueType.I64, "-9223372036854775809", "argument-out-of-range")]
    [InlineData(ValueType.I64, "1e999999999", "argument-out-of-range")]
    [InlineData(ValueType.F32, "3.5e38", "argument-out-of-range")]
    [InlineData(ValueType.F64, "1e309", "argument-out-of-range")]
    [InlineData(ValueType.F64, "\"nan\"", "argument-type")]
    [InlineData(ValueType.F32, "{\"bits\":\"0x1ffffffff\"}", "argument-out-of-range")]
    [InlineData(ValueType.F32, "{\"bits\":1}", "argument-type")]
    public void Read_WrongValue_NamesTheArgument(ValueType type, string json, string code)
    {
        var error = ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes($"{{\"args\":[{json}]}}"), new FunctionType([type], []), new ulong[1]);

        Assert.NotNull(error);
        Assert.Equal(code, error.Code);
        Assert.Equal("/args/0", error.Pointer);
    }

    [Theory]
    [InlineData(ValueType.I32, 0xFFFFFFFF, "-1")]
    [InlineData(ValueType.I64, ulong.MaxValue, "\"-1\"")]
    [InlineData(ValueType.F32, 0x3DCCCCCD, "0.1")]
    [InlineData(ValueType.F64, 0x8000000000000000, "-0")]
    [InlineData(ValueType.F64, 0x7FF8000000000000, "\"NaN\"")]
    [InlineData(ValueType.F32, 0xFF800000, "\"-Infinity\"")]
    public void Write_Value_IsExact(ValueType type, ulong bits, string json)
    {
        Assert.Equal($"{{\"results\":[{json}]}}", Write(type, bits, default));
    }

    [Fact]
    public void RoundTrip_SampledFloats_KeepEveryBit()
    {
        var random = new Random(20261123);

        for (var i = 0; i < 20_000; i++)
        {
            var bits = (uint)random.NextInt64(1L << 32);
            var text = Write(ValueType.F32, bits, new ScalarFormat(false, FloatAsBits: true)).Replace("results", "args", StringComparison.Ordinal);
            var plain = Write(ValueType.F32, bits, default).Replace("results", "args", StringComparison.Ordinal);
            var (fromBits, fromNumber) = (new ulong[1], new ulong[1]);

            Assert.Null(ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes(text), new FunctionType([ValueType.F32], []), fromBits));
            Assert.Null(ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes(plain), new FunctionType([ValueType.F32], []), fromNumber));
            Assert.Equal(bits, fromBits[0]);
            Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(bits)) || fromNumber[0] == bits, plain);
        }
    }

    private static string Write(ValueType type, ulong bits, ScalarFormat format)
    {
        using var stream = new MemoryStream();

        using (var writer = new Utf8JsonWriter(stream))
            ScalarWriter.WriteResults(writer, new FunctionType([], [type]), [bits], format);

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
