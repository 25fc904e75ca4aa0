namespace PluginHost.Wasm.Numerics;

/// <summary>
/// The floating-point instructions whose meaning is not that of the C# operator (spec 4.3.3). A NaN result is an arithmetic NaN: quiet. Operations that only
/// move or change the sign bit work on bits, as a signalling NaN must pass through them unchanged.
/// </summary>
internal static class Floats
{
    private const uint Sign32 = 0x8000_0000;
    private const ulong Sign64 = 0x8000_0000_0000_0000;

    public static uint Abs(uint bits) => bits & ~Sign32;

    public static uint Neg(uint bits) => bits ^ Sign32;

    public static uint Copysign(uint magnitude, uint sign) => (magnitude & ~Sign32) | (sign & Sign32);

    public static ulong Abs(ulong bits) => bits & ~Sign64;

    public static ulong Neg(ulong bits) => bits ^ Sign64;

    public static ulong Copysign(ulong magnitude, ulong sign) => (magnitude & ~Sign64) | (sign & Sign64);

    public static float Ceil(float a) => float.IsNaN(a) ? Quiet(a) : MathF.Ceiling(a);

    public static float Floor(float a) => float.IsNaN(a) ? Quiet(a) : MathF.Floor(a);

    public static float Trunc(float a) => float.IsNaN(a) ? Quiet(a) : MathF.Truncate(a);

    public static float Nearest(float a) => float.IsNaN(a) ? Quiet(a) : MathF.Round(a, MidpointRounding.ToEven);

    public static double Ceil(double a) => double.IsNaN(a) ? Quiet(a) : Math.Ceiling(a);

    public static double Floor(double a) => double.IsNaN(a) ? Quiet(a) : Math.Floor(a);

    public static double Trunc(double a) => double.IsNaN(a) ? Quiet(a) : Math.Truncate(a);

    public static double Nearest(double a) => double.IsNaN(a) ? Quiet(a) : Math.Round(a, MidpointRounding.ToEven);

    /// <summary>NaN if either is; −0 is less than +0.</summary>
    public static float Min(float a, float b)
    {
        if (a < b)
            return a;

        if (b < a)
            return b;

        if (a == b)
            return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(a) | BitConverter.SingleToUInt32Bits(b));

        return Quiet(float.IsNaN(a) ? a : b);
    }

    /// <summary>NaN if either is; +0 is greater than −0.</summary>
    public static float Max(float a, float b)
    {
        if (a > b)
            return a;

        if (b > a)
            return b;

        if (a == b)
            return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(a) & BitConverter.SingleToUInt32Bits(b));

        return Quiet(float.IsNaN(a) ? a : b);
    }

    /// <summary>NaN if either is; −0 is less than +0.</summary>
    public static double Min(double a, double b)
    {
        if (a < b)
            return a;

        if (b < a)
            return b;

        if (a == b)
            return BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) | BitConverter.DoubleToUInt64Bits(b));

        return Quiet(double.IsNaN(a) ? a : b);
    }

    /// <summary>NaN if either is; +0 is greater than −0.</summary>
    public static double Max(double a, double b)
    {
        if (a > b)
            return a;

        if (b > a)
            return b;

        if (a == b)
            return BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) & BitConverter.DoubleToUInt64Bits(b));

        return Quiet(double.IsNaN(a) ? a : b);
    }

    private static float Quiet(float nan) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(nan) | 0x0040_0000);

    private static double Quiet(double nan) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(nan) | 0x0008_0000_0000_0000);
}
