using System.Numerics;

namespace PluginHost.Wasm.Tests.Binary;

/// <summary>LEB128 by its definition (spec 5.2.2), with numbers that have no width: what the reader is compared with.</summary>
internal static class Leb128
{
    /// <summary>The groups of 7 bits that a value needs at least.</summary>
    public static int MinimumLength(BigInteger value, bool isSigned)
    {
        var length = 1;

        while (isSigned ? value < -BigInteger.Pow(2, (7 * length) - 1) || value >= BigInteger.Pow(2, (7 * length) - 1) : value >= BigInteger.Pow(2, 7 * length))
            length++;

        return length;
    }

    /// <summary>A value in as many bytes as asked for: more than it needs repeat its sign.</summary>
    public static byte[] Encode(BigInteger value, int length) =>
        [.. Enumerable.Range(0, length).Select(group => (byte)((byte)((value >> (7 * group)) & 0x7F) | (group < length - 1 ? 0x80 : 0)))];

    /// <summary>What the first bytes say: a value and its length, or a refusal and its offset.</summary>
    public static Leb128Outcome Decode(ReadOnlySpan<byte> bytes, int width, bool isSigned)
    {
        var maximum = (width + 6) / 7;
        var value = BigInteger.Zero;

        for (var index = 0; index < maximum; index++)
        {
            if (index == bytes.Length)
                return new Leb128Outcome(0, index, "unexpected end");

            value |= (BigInteger)(bytes[index] & 0x7F) << (7 * index);

            if ((bytes[index] & 0x80) != 0)
                continue;

            var used = 7 * (index + 1);

            if (isSigned && !(value >> (used - 1)).IsZero)
                value -= BigInteger.One << used;

            var limit = BigInteger.One << (isSigned ? width - 1 : width);
            var isInRange = value < limit && value >= (isSigned ? -limit : BigInteger.Zero);
            return isInRange ? new Leb128Outcome((long)value, index + 1, null) : new Leb128Outcome(0, index, "integer too large");
        }

        return new Leb128Outcome(0, maximum - 1, "integer representation too long");
    }
}
