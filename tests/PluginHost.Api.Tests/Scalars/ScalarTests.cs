using System.Text;
using System.Text.Json;
using PluginHost.Api.Scalars;
using PluginHost.Plugins.Invocation;
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
    [InlineData(ValueType.I32, "2147483648", 0x80000000)]
    [InlineData(ValueType.I32, "-1", 0xFFFFFFFF)]
    [InlineData(ValueType.I32, "1e-0", 1)]
    [InlineData(ValueType.I32, "\"-0x80000000\"", 0x80000000)]
    [InlineData(ValueType.I32, "\"0XaBcDeF\"", 0xABCDEF)]
    [InlineData(ValueType.I32, "\"0x000000000000000000000000000000000001\"", 1)]
    [InlineData(ValueType.I32, "-2147483648.000e0", 0x80000000)]
    [InlineData(ValueType.I64, "-9223372036854775808", 0x8000000000000000)]
    [InlineData(ValueType.I64, "9223372036854775808", 0x8000000000000000)]
    [InlineData(ValueType.I64, "-0", 0)]
    [InlineData(ValueType.I64, "\"0xffffffffffffffff\"", ulong.MaxValue)]
    [InlineData(ValueType.I64, "\"\\u002d\\u0031\"", ulong.MaxValue)]
    [InlineData(ValueType.F32, "0.1", 0x3DCCCCCD)]
    [InlineData(ValueType.F32, "1.00000017881393432617187499", 0x3F800001)]
    [InlineData(ValueType.F32, "1e-999999999", 0)]
    [InlineData(ValueType.F32, "-1e-999999999", 0x80000000)]
    [InlineData(ValueType.F32, "3.4028235e38", 0x7F7FFFFF)]
    [InlineData(ValueType.F32, "0e999999999", 0)]
    [InlineData(ValueType.F64, "0.1", 0x3FB999999999999A)]
    [InlineData(ValueType.F64, "9007199254740993", 0x4340000000000000)]
    [InlineData(ValueType.F64, "\"NaN\"", 0x7FF8000000000000)]
    [InlineData(ValueType.F64, "{\"bits\":\"0xfff0000000000001\"}", 0xFFF0000000000001)]
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

        var error = ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes($"{{\"args\":[{json}]}}"), CallSignature.Of(new FunctionType([type], [])), arguments);

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
    [InlineData(ValueType.I32, "true", "argument-type")]
    [InlineData(ValueType.I32, "[1]", "argument-type")]
    [InlineData(ValueType.I32, "{\"bits\":\"0x1\"}", "argument-type")]
    [InlineData(ValueType.I32, "\"NaN\"", "argument-type")]
    [InlineData(ValueType.I32, "\"0x100000000\"", "argument-out-of-range")]
    [InlineData(ValueType.I32, "\"-0x80000001\"", "argument-out-of-range")]
    [InlineData(ValueType.I32, "\"+1\"", "argument-type")]
    [InlineData(ValueType.I32, "\"-\"", "argument-type")]
    [InlineData(ValueType.I32, "\"0xg\"", "argument-type")]
    [InlineData(ValueType.I32, "1e-999999999", "argument-type")]
    [InlineData(ValueType.I64, "-1e999999999", "argument-out-of-range")]
    [InlineData(ValueType.I64, "0.5", "argument-type")]
    [InlineData(ValueType.I64, "18446744073709551615.5", "argument-type")]
    [InlineData(ValueType.I64, "\"0x10000000000000000\"", "argument-out-of-range")]
    [InlineData(ValueType.F32, "1e999999999", "argument-out-of-range")]
    [InlineData(ValueType.F64, "-1e999999999", "argument-out-of-range")]
    [InlineData(ValueType.F64, "\"1.5\"", "argument-type")]
    [InlineData(ValueType.F64, "{}", "argument-type")]
    [InlineData(ValueType.F64, "{\"bits\":\"0x0\",\"more\":1}", "argument-type")]
    [InlineData(ValueType.F64, "{\"bits\":\"12\"}", "argument-type")]
    [InlineData(ValueType.F64, "false", "argument-type")]
    public void Read_WrongValue_NamesTheArgument(ValueType type, string json, string code)
    {
        var error = ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes($"{{\"args\":[{json}]}}"), CallSignature.Of(new FunctionType([type], [])), new ulong[1]);

        Assert.NotNull(error);
        Assert.Equal(code, error.Code);
        Assert.Equal("/args/0", error.Pointer);
    }

    [Theory]
    [InlineData("""{"args":["\ud800"]}""")]
    [InlineData("""{"\ud800":[1]}""")]
    [InlineData("""{"args":["\ud800\u0031"]}""")]
    [InlineData("""{"args":[1],"args":[1]}""")]
    [InlineData("""{"args":[1]}{}""")]
    [InlineData("""{"args":[1],}""")]
    [InlineData("""{"args":[01]}""")]
    [InlineData("""{"args":[+1]}""")]
    [InlineData("""{"args":[NaN]}""")]
    [InlineData("""{"args":[1] // no""")]
    [InlineData("")]
    public void Read_NoJson_IsMalformed(string body)
    {
        foreach (var type in (ValueType[])[ValueType.I32, ValueType.F64])
        {
            var error = ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes(body), CallSignature.Of(new FunctionType([type], [])), new ulong[1]);

            Assert.Equal("malformed-json", error?.Code);
        }
    }

    [Fact]
    public void Read_BytesThatAreNoUtf8_AreRefused()
    {
        byte[] body = [.. "{\"args\":[\"\\u0031"u8, 0xFF, .. "\"]}"u8];

        var error = ScalarReader.ReadInvocation(body, CallSignature.Of(new FunctionType([ValueType.I32], [])), new ulong[1]);

        Assert.Equal("malformed-json", error?.Code);
    }

    [Theory]
    [InlineData(ValueType.I32)]
    [InlineData(ValueType.F32)]
    [InlineData(ValueType.F64)]
    public void Read_AHundredThousandDigits_CountEach(ValueType type)
    {
        var arguments = new ulong[1];
        var body = Encoding.UTF8.GetBytes($"{{\"args\":[0.{new string('0', 99_999)}7e100000]}}");

        var error = ScalarReader.ReadInvocation(body, CallSignature.Of(new FunctionType([type], [])), arguments);

        Assert.Null(error);
        Assert.Equal(type switch { ValueType.I32 => 7, ValueType.F32 => BitConverter.SingleToUInt32Bits(7), _ => BitConverter.DoubleToUInt64Bits(7) }, arguments[0]);
    }

    [Theory]
    [InlineData(ValueType.I64, ulong.MaxValue, "-1")]
    [InlineData(ValueType.I64, 0x7FFFFFFFFFFFFFFF, "9223372036854775807")]
    [InlineData(ValueType.F32, 0x7FC00001, "{\"bits\":\"0x7fc00001\"}")]
    [InlineData(ValueType.F64, 0x8000000000000000, "{\"bits\":\"0x8000000000000000\"}")]
    public void Write_OtherFormat_IsExactToo(ValueType type, ulong bits, string json)
    {
        Assert.Equal($"{{\"results\":[{json}]}}", Write(type, bits, new ScalarFormat(Int64AsNumber: true, FloatAsBits: true)));
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

            Assert.Null(ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes(text), CallSignature.Of(new FunctionType([ValueType.F32], [])), fromBits));
            Assert.Null(ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes(plain), CallSignature.Of(new FunctionType([ValueType.F32], [])), fromNumber));
            Assert.Equal(bits, fromBits[0]);
            Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(bits)) || fromNumber[0] == bits, plain);
        }
    }

    private static string Write(ValueType type, ulong bits, ScalarFormat format)
    {
        using var stream = new MemoryStream();

        using (var writer = new Utf8JsonWriter(stream))
            ScalarWriter.WriteResults(writer, CallSignature.Of(new FunctionType([], [type])), [bits], [], format);

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
