using System.Globalization;

namespace PluginHost.Fuzz.Cases;

/// <summary>Values as they are written for people and for other processes: bit patterns in hexadecimal.</summary>
internal static class Bits
{
    public static string Hex(ulong bits) => bits.ToString("x", CultureInfo.InvariantCulture);

    public static ulong Parse(string hex) => ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static bool IsNaN(ulong bits, ValueType type) => type switch
    {
        ValueType.F32 => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)),
        ValueType.F64 => double.IsNaN(BitConverter.UInt64BitsToDouble(bits)),
        _ => false,
    };

    public static string Format(ulong bits, ValueType type) => type switch
    {
        ValueType.I32 => $"i32:{(int)bits}",
        ValueType.I64 => $"i64:{(long)bits}",
        ValueType.F32 => $"f32:0x{(uint)bits:x8}",
        ValueType.F64 => $"f64:0x{bits:x16}",
        _ => $"ref:{bits}",
    };
}
