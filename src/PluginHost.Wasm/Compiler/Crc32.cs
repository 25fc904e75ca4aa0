using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Checksums by tables of eight times 256 entries, as hash/crc32 of Go has them: entry <c>b</c> of table <c>n</c> is what is left of the byte <c>b</c> with
/// <c>n</c> zero bytes behind it. Bits are in reflected order and nothing is inverted. Where the table is the IEEE polynomial's, which most checksums are of, long
/// data is folded by carry-less multiplication.
/// </summary>
internal static unsafe class Crc32
{
    /// <summary>The entries of a table.</summary>
    public const int TableLength = 8 * 256;

    private const uint Ieee = 0xEDB88320;

    /// <summary>From here on it pays to look whether the table is the one that folding is for.</summary>
    private const int ShortestFolded = 256;

    /// <summary>Go's slicing8Cutoff.</summary>
    private const int ShortestSliced = 16;

    private static readonly uint[] s_ieee = MakeTable(Ieee);

    // What a distance of 512 and of 128 bits is worth: for the low, which are the earlier 64 bits, and for the high ones.
    private static readonly Vector128<ulong> s_fold512 = Vector128.Create(PowerOfX(512 + 32), PowerOfX(512 - 32));
    private static readonly Vector128<ulong> s_fold128 = Vector128.Create(PowerOfX(128 + 32), PowerOfX(128 - 32));

    /// <summary>
    /// The checksum of data behind what gave <paramref name="crc"/>, by the look-ups that Go makes: they give the same for all tables that are one polynomial's, and
    /// this holds for any.
    /// </summary>
    /// <param name="isAll">Whether no other data comes before this or behind it.</param>
    /// <param name="isLast">Whether none comes behind it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Update(uint crc, ReadOnlySpan<uint> table, ReadOnlySpan<byte> data, bool isAll = true, bool isLast = true)
    {
        if (data.Length >= ShortestFolded && Pclmulqdq.IsSupported && table.SequenceEqual(s_ieee))
            return Fold(crc, data);

        return Slice(crc, table, data, isAll && data.Length < ShortestSliced ? int.MaxValue : isLast ? 8 : 7);
    }

    /// <summary>Eight bytes at a time, each by a table of its own, while there are more than <paramref name="rest"/>; and what is left byte by byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Slice(uint crc, ReadOnlySpan<uint> table, ReadOnlySpan<byte> data, int rest = 7)
    {
        ref readonly var t = ref MemoryMarshal.GetReference(table[..TableLength]);

        for (; data.Length > rest; data = data[8..])
        {
            var low = MemoryMarshal.Read<uint>(data) ^ crc;
            var high = MemoryMarshal.Read<uint>(data[4..]);

            // No index is above 8 × 256 − 1.
            crc = Entry(in t, 7, low) ^ Entry(in t, 6, low >> 8) ^ Entry(in t, 5, low >> 16) ^ Entry(in t, 4, low >> 24)
                ^ Entry(in t, 3, high) ^ Entry(in t, 2, high >> 8) ^ Entry(in t, 1, high >> 16) ^ Entry(in t, 0, high >> 24);
        }

        foreach (var value in data)
            crc = Entry(in t, 0, crc ^ value) ^ (crc >> 8);

        return crc;
    }

    private static uint Entry(ref readonly uint table, int number, uint value) => Unsafe.Add(ref Unsafe.AsRef(in table), (number * 256) + (byte)value);

    /// <summary>Replaces data by 16 bytes that give the same checksum: 64 bytes at a time onto the 64 that follow, then 16 onto 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Fold(uint crc, ReadOnlySpan<byte> data)
    {
        var a = Load(data, 0) ^ Vector128.Create((ulong)crc, 0);
        var b = Load(data, 16);
        var c = Load(data, 32);
        var d = Load(data, 48);
        var distance = s_fold512;

        for (data = data[64..]; data.Length >= 64; data = data[64..])
        {
            a = Multiply(a, distance) ^ Load(data, 0);
            b = Multiply(b, distance) ^ Load(data, 16);
            c = Multiply(c, distance) ^ Load(data, 32);
            d = Multiply(d, distance) ^ Load(data, 48);
        }

        distance = s_fold128;
        a = Multiply(a, distance) ^ b;
        a = Multiply(a, distance) ^ c;
        a = Multiply(a, distance) ^ d;

        for (; data.Length >= 16; data = data[16..])
            a = Multiply(a, distance) ^ Load(data, 0);

        return Slice(Slice(0, s_ieee, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(in a))), s_ieee, data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> data, int at) => MemoryMarshal.Read<Vector128<ulong>>(data[at..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> distance) =>
        Pclmulqdq.CarrylessMultiply(value, distance, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, distance, 0x11);

    /// <summary>A power of x modulo the polynomial, as a factor: its highest bit is one lower than the product's is.</summary>
    private static ulong PowerOfX(int exponent)
    {
        var power = 0x8000_0000U;

        for (var i = 0; i < exponent; i++)
            power = (power >> 1) ^ ((power & 1) * Ieee);

        return (ulong)power << 1;
    }

    private static uint[] MakeTable(uint polynomial)
    {
        var table = new uint[TableLength];

        for (var i = 0U; i < 256; i++)
        {
            var crc = i;

            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * polynomial);

            table[i] = crc;
        }

        for (var i = 256; i < TableLength; i++)
            table[i] = table[table[i - 256] & 0xFF] ^ (table[i - 256] >> 8);

        return table;
    }
}
