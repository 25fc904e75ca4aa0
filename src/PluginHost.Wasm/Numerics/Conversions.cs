using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Numerics;

/// <summary>
/// The conversions between integers and floats (spec 4.3.4). Truncations compare before they convert: the bounds are exact in the float's own format, so
/// that no value is rounded into range. C# conversions from float to integer saturate and give 0 for NaN, as the saturating instructions do.
/// </summary>
internal static class Conversions
{
    public static int TruncToInt32(float a)
    {
        // −2^31 is exact; the largest float below 2^31 is 2^31 − 128.
        if (a is >= -2147483648f and < 2147483648f)
            return (int)a;

        return (int)Fail(double.IsNaN(a));
    }

    public static uint TruncToUInt32(float a)
    {
        if (a is > -1f and < 4294967296f)
            return (uint)(long)a;

        return (uint)Fail(double.IsNaN(a));
    }

    public static int TruncToInt32(double a)
    {
        if (a is > -2147483649d and < 2147483648d)
            return (int)a;

        return (int)Fail(double.IsNaN(a));
    }

    public static uint TruncToUInt32(double a)
    {
        if (a is > -1d and < 4294967296d)
            return (uint)(long)a;

        return (uint)Fail(double.IsNaN(a));
    }

    public static long TruncToInt64(float a)
    {
        if (a is >= -9223372036854775808f and < 9223372036854775808f)
            return (long)a;

        return Fail(double.IsNaN(a));
    }

    public static ulong TruncToUInt64(float a)
    {
        if (a is > -1f and < 18446744073709551616f)
            return ToUInt64(a);

        return (ulong)Fail(double.IsNaN(a));
    }

    public static long TruncToInt64(double a)
    {
        if (a is >= -9223372036854775808d and < 9223372036854775808d)
            return (long)a;

        return Fail(double.IsNaN(a));
    }

    public static ulong TruncToUInt64(double a)
    {
        if (a is > -1d and < 18446744073709551616d)
            return ToUInt64(a);

        return (ulong)Fail(double.IsNaN(a));
    }

    public static int SaturateToInt32(double a) => double.IsNaN(a) ? 0 : a <= int.MinValue ? int.MinValue : a >= int.MaxValue ? int.MaxValue : (int)a;

    public static uint SaturateToUInt32(double a) => a > 0 ? a >= uint.MaxValue ? uint.MaxValue : (uint)(long)a : 0;

    public static long SaturateToInt64(double a) =>
        double.IsNaN(a) ? 0 : a < -9223372036854775808d ? long.MinValue : a >= 9223372036854775808d ? long.MaxValue : (long)a;

    public static ulong SaturateToUInt64(double a) => a > 0 ? a >= 18446744073709551616d ? ulong.MaxValue : ToUInt64(a) : 0;

    /// <summary>Demotes, and quiets a signalling NaN even where the JIT leaves out a promotion together with the demotion behind it.</summary>
    public static float Demote(double a)
    {
        var demoted = (float)a;
        return float.IsNaN(demoted) ? BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(demoted) | 0x40_0000) : demoted;
    }

    /// <summary>Rounds once, to nearest, ties to even: through a double it would round twice.</summary>
    public static float ToSingle(long a)
    {
        if (a is >= -(1L << 53) and <= 1L << 53)
            return (float)(double)a;

        // The low bits below what a double keeps only matter as being there or not: one sticky bit stands for them.
        var negative = a < 0;
        var magnitude = negative ? (ulong)-a : (ulong)a;
        var rounded = ToSingle(magnitude);
        return negative ? -rounded : rounded;
    }

    /// <summary>Rounds once, to nearest, ties to even: through a double it would round twice.</summary>
    public static float ToSingle(ulong a)
    {
        if (a <= 1UL << 53)
            return (float)(double)a;

        var sticky = (a & 0xFFF) != 0 ? 0x1000UL : 0;
        return (float)(double)((a & ~0xFFFUL) | sticky);
    }

    /// <summary>The conversion to double is exact to 53 bits and rounds once.</summary>
    public static double ToDouble(ulong a) => a;

    private static ulong ToUInt64(double a) => a < 9223372036854775808d ? (ulong)(long)a : (ulong)(long)(a - 9223372036854775808d) | 0x8000_0000_0000_0000;

    private static long Fail(bool isNaN)
    {
        Traps.Throw(isNaN ? TrapKind.InvalidConversionToInteger : TrapKind.IntegerOverflow);
        return 0;
    }
}
