using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using PluginHost.Api.Scalars;
using PluginHost.Plugins.Invocation;
using PluginHost.Wasm.Modules;

namespace PluginHost.Api.Tests.Scalars;

/// <summary>No value changes on its way through JSON, whichever value it is and however it is written.</summary>
[Properties(Arbitrary = [typeof(ScalarBits)], Replay = PropertySeed.Fixed, MaxTest = 5_000, QuietOnSuccess = true)]
public sealed class ScalarProperties
{
    [Property]
    public void Read_AnyValueInAnyForm_GivesItsBits(ScalarBits value) => Assert.Equal(value.Bits, Read(value.Type, value.Argument()));

    [Property]
    public void Write_Bits_ReadBackTheSame(ScalarBits value)
    {
        var text = Write(value, new ScalarFormat(Int64AsNumber: true, FloatAsBits: true));

        Assert.Equal(value.Bits, Read(value.Type, text));
    }

    [Property]
    public void Write_Plain_ReadsBackTheSame(ScalarBits value)
    {
        var text = Write(value, default);

        // Of a NaN a number can only say that it is one.
        Assert.Equal(value.IsNaN ? value.CanonicalNaN : value.Bits, Read(value.Type, text));
    }

    [Property]
    public void Write_Integer_IsTheSignedViewWithAllItsDigits(ScalarBits value)
    {
        if (value.IsFloat)
            return;

        var digits = value.Signed.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(value.Width == 64 ? $"\"{digits}\"" : digits, Write(value, default));
        Assert.Equal(digits, Write(value, new ScalarFormat(Int64AsNumber: true, FloatAsBits: false)));
    }

    [Property]
    public void Write_Float_IsTheShortestNumberThatReadsBackTheSame(ScalarBits value)
    {
        var text = Write(value, default);

        if (!value.IsFloat || text.StartsWith('"'))
            return;

        var digits = text.Split('E', 'e')[0].Replace(".", "", StringComparison.Ordinal).Trim('-').Trim('0').Length;

        if (digits < 2)
            return;

        // The nearest number with one digit less is another.
        var precision = string.Create(CultureInfo.InvariantCulture, $"E{digits - 2}");
        var shorter = value.Type == ValueType.F32
            ? BitConverter.UInt32BitsToSingle((uint)value.Bits).ToString(precision, CultureInfo.InvariantCulture)
            : BitConverter.UInt64BitsToDouble(value.Bits).ToString(precision, CultureInfo.InvariantCulture);

        Assert.NotEqual(value.Bits, TryRead(value.Type, shorter, out var bits) is null ? bits : ulong.MaxValue);
    }

    [Property]
    public void Read_BetweenTwoFloats_RoundsOnceAndTiesToEven(ScalarBits value)
    {
        var lower = BitConverter.UInt32BitsToSingle((uint)value.Bits & 0x7FFF_FFFF);
        var upper = MathF.BitIncrement(lower);

        if (!float.IsFinite(upper))
            return;

        // A double holds the middle of two singles, and F200 all of its digits.
        var middle = (((double)lower + upper) / 2).ToString("F200", CultureInfo.InvariantCulture);
        var even = (BitConverter.SingleToUInt32Bits(lower) & 1) == 0 ? lower : upper;

        Assert.Equal(BitConverter.SingleToUInt32Bits(even), Read(ValueType.F32, middle));
        Assert.Equal(BitConverter.SingleToUInt32Bits(upper), Read(ValueType.F32, middle + "1"));
    }

    [Property]
    public void Read_BeyondTheRange_IsRefusedAndNamesTheArgument(ScalarBits value, byte distance)
    {
        if (value.IsFloat)
            return;

        var above = (BigInteger.One << value.Width) + distance;
        var below = -(BigInteger.One << (value.Width - 1)) - 1 - distance;

        foreach (var number in (BigInteger[])[above, below, above << (distance % 90), below << (distance % 90)])
        {
            foreach (var text in (string[])[number.ToString(CultureInfo.InvariantCulture), $"\"{number.ToString(CultureInfo.InvariantCulture)}\"", $"{number.ToString(CultureInfo.InvariantCulture)}.0"])
            {
                var error = TryRead(value.Type, text, out _);

                Assert.Equal(("argument-out-of-range", "/args/0"), (error?.Code, error?.Pointer));
            }
        }
    }

    [Property]
    public void Read_AnyFraction_IsRefused(ScalarBits value, ushort fraction)
    {
        if (value.IsFloat || fraction % 10 == 0)
            return;

        var text = string.Create(CultureInfo.InvariantCulture, $"{value.Signed}.{fraction}");

        Assert.Equal("argument-type", TryRead(value.Type, text, out _)?.Code);
        Assert.Equal("argument-type", TryRead(value.Type, $"\"{text}\"", out _)?.Code);
        Assert.Equal("argument-type", TryRead(value.Type, $"{text}e-{fraction}", out _)?.Code);
    }

    private static ulong Read(ValueType type, string text)
    {
        Assert.Null(TryRead(type, text, out var bits));
        return bits;
    }

    private static ScalarError? TryRead(ValueType type, string text, out ulong bits)
    {
        var arguments = new ulong[1];
        var error = ScalarReader.ReadInvocation(Encoding.UTF8.GetBytes($"{{\"args\":[{text}]}}"), CallSignature.Of(new FunctionType([type], [])), arguments);
        bits = arguments[0];
        return error;
    }

    private static string Write(ScalarBits value, ScalarFormat format)
    {
        using var stream = new MemoryStream();

        using (var writer = new Utf8JsonWriter(stream))
            ScalarWriter.WriteResults(writer, CallSignature.Of(new FunctionType([], [value.Type])), [value.Bits], [], format);

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.GetProperty("results")[0].GetRawText();
    }
}
