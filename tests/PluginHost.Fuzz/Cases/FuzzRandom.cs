namespace PluginHost.Fuzz.Cases;

/// <summary>Random choices that follow from a seed, and values that are likelier than others to show a mistake.</summary>
internal sealed class FuzzRandom(int seed)
{
    private static readonly uint[] s_edges32 =
    [
        0, 1, 2, 7, 8, 16, 31, 32, 33, 63, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFF8, 0xFFFC, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001,
        0xFFFF_0000, 0xFFFF_7FFF, 0xFFFF_FF80, 0xFFFF_FFF8, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ];

    private static readonly ulong[] s_edges64 =
    [
        0, 1, 2, 8, 31, 32, 33, 63, 64, 127, 128, 255, 0x7FFF, 0x8000, 0xFFF8, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0008,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001, 0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_7FFF_FFFF,
        0xFFFF_FFFF_FFFF_FFF8, 0xFFFF_FFFF_FFFF_FFFF,
    ];

    private static readonly double[] s_floats =
    [
        0.0, -0.0, 0.5, -0.5, 1, -1, 1.5, 2.5, -2.5, 255, 32767.5, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9223372036854775807,
        -9223372036854775808, 18446744073709551615, 1e-310, -1e-310, 1.4e-45, 3.4028234663852886e38, 1e39, double.MaxValue, double.Epsilon,
        double.PositiveInfinity, double.NegativeInfinity, 8388608.5, 4503599627370496.5,
    ];

    private readonly Random _random = new(seed);

    /// <summary>The seed of one case among those that follow from a seed (SplitMix64's mixing).</summary>
    public static int SeedOf(int seed, int index)
    {
        var x = ((ulong)(uint)seed << 32 | (uint)index) + 0x9E37_79B9_7F4A_7C15;
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return (int)((x ^ (x >> 31)) & 0x7FFF_FFFF);
    }

    public int Below(int count) => _random.Next(count);

    /// <summary>A number of the range, both ends included.</summary>
    public int Between(int first, int last) => _random.Next(first, last + 1);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    public uint Bits32() => Below(4) switch
    {
        0 => (uint)_random.NextInt64(),
        1 => s_edges32[Below(s_edges32.Length)] + (uint)Between(-2, 2),
        _ => s_edges32[Below(s_edges32.Length)],
    };

    public ulong Bits64() => Below(4) switch
    {
        0 => (ulong)_random.NextInt64() << 1 ^ (uint)_random.Next(),
        1 => s_edges64[Below(s_edges64.Length)] + (ulong)Between(-2, 2),
        _ => s_edges64[Below(s_edges64.Length)],
    };

    /// <summary>No NaN: its bits would not survive the way into every engine.</summary>
    public double Float() => Below(4) switch
    {
        0 => (_random.NextDouble() - 0.5) * Math.Pow(2, Between(-70, 70)),
        1 => Between(-300, 300),
        _ => s_floats[Below(s_floats.Length)],
    };

    /// <summary>A value of the type, as bits.</summary>
    public ulong Value(ValueType type) => type switch
    {
        ValueType.I32 => Bits32(),
        ValueType.I64 => Bits64(),
        ValueType.F32 => BitConverter.SingleToUInt32Bits((float)Float()),
        ValueType.F64 => BitConverter.DoubleToUInt64Bits(Float()),
        _ => 0,
    };
}
