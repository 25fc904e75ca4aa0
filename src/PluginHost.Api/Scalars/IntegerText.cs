using System.Buffers;

namespace PluginHost.Api.Scalars;

/// <summary>
/// Reads integers from a token's own digits: decimal, with fraction and exponent as JSON allows as long as the value is whole, or hexadecimal. The value never
/// goes through a floating-point number, and an exponent costs nothing however large it is.
/// </summary>
internal static class IntegerText
{
    /// <summary>The outcome of reading.</summary>
    public enum Result
    {
        Read,
        NotANumber,
        NotWhole,
        OutOfRange,
    }

    // Enough for 2^64, and more digits than any value in range has without leading zeros.
    private const int MaximumDigits = 20;

    private static readonly SearchValues<byte> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <param name="bits">The width: 32 or 64. Signed and unsigned values of that width are in range.</param>
    /// <param name="value">The two's complement bits, 32-bit ones zero-extended.</param>
    public static Result Read(ReadOnlySpan<byte> text, int bits, bool allowsHexadecimal, out ulong value)
    {
        value = 0;
        var isNegative = !text.IsEmpty && text[0] == '-';
        var rest = isNegative ? text[1..] : text;

        if (allowsHexadecimal && rest.Length > 2 && rest[0] == '0' && (rest[1] | 0x20) == 'x')
            return ReadHexadecimal(rest[2..], bits, isNegative, out value);

        // 1. Split into digits, digits behind the point, and exponent.
        var whole = Digits(rest);
        var at = whole;

        if (whole == 0)
            return Result.NotANumber;

        var fraction = 0;

        if (at < rest.Length && rest[at] == '.')
        {
            fraction = Digits(rest[(at + 1)..]);

            if (fraction == 0)
                return Result.NotANumber;

            at += fraction + 1;
        }

        long exponent = 0;

        if (at < rest.Length && (rest[at] | 0x20) == 'e')
        {
            at++;
            var isNegativeExponent = at < rest.Length && rest[at] == '-';

            if (at < rest.Length && rest[at] is (byte)'-' or (byte)'+')
                at++;

            var digits = Digits(rest[at..]);

            if (digits == 0)
                return Result.NotANumber;

            // An exponent of more digits than this is beyond every body's length.
            foreach (var digit in rest.Slice(at, digits))
                exponent = Math.Min((exponent * 10) + (digit - '0'), 1_000_000_000);

            exponent = isNegativeExponent ? -exponent : exponent;
            at += digits;
        }

        if (at != rest.Length)
            return Result.NotANumber;

        // 2. The significant digits without point: their count and where the point falls behind them.
        Span<byte> significant = stackalloc byte[MaximumDigits + 1];
        var count = 0;
        long scale = exponent - fraction;
        var trailingZeros = 0L;

        for (var i = 0; i < whole + (fraction > 0 ? fraction + 1 : 0); i++)
        {
            if (i == whole)
                continue;

            var digit = rest[i];

            if (digit == '0')
            {
                trailingZeros += count > 0 ? 1 : 0;
                continue;
            }

            // Zeros between digits count once another digit follows.
            while (trailingZeros > 0)
            {
                if (count == significant.Length)
                    return scale < 0 && LastNonZeroIsFraction(rest, whole, fraction, scale) ? Result.NotWhole : Result.OutOfRange;

                significant[count++] = (byte)'0';
                trailingZeros--;
            }

            if (count == significant.Length)
                return scale < 0 && LastNonZeroIsFraction(rest, whole, fraction, scale) ? Result.NotWhole : Result.OutOfRange;

            significant[count++] = digit;
        }

        if (count == 0)
            return Result.Read;

        scale += trailingZeros;

        if (scale < 0)
            return Result.NotWhole;

        if (count + scale > MaximumDigits)
            return Result.OutOfRange;

        // 3. At most 20 digits: they fit in 128 bits.
        UInt128 magnitude = 0;

        for (var i = 0; i < count; i++)
            magnitude = (magnitude * 10) + (uint)(significant[i] - '0');

        for (var i = 0; i < scale; i++)
            magnitude *= 10;

        return Fit(magnitude, bits, isNegative, out value);
    }

    private static Result ReadHexadecimal(ReadOnlySpan<byte> digits, int bits, bool isNegative, out ulong value)
    {
        value = 0;
        digits = digits.TrimStart((byte)'0');

        if (digits.Length > 16)
            return digits.ContainsAnyExcept(HexadecimalDigits) ? Result.NotANumber : Result.OutOfRange;

        ulong magnitude = 0;

        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return Result.NotANumber;

            magnitude = (magnitude << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return Fit(magnitude, bits, isNegative, out value);
    }

    private static Result Fit(UInt128 magnitude, int bits, bool isNegative, out ulong value)
    {
        value = 0;
        var limit = isNegative ? UInt128.One << (bits - 1) : (UInt128.One << bits) - 1;

        if (magnitude > limit)
            return Result.OutOfRange;

        var magnitudeBits = (ulong)magnitude;
        value = isNegative ? 0 - magnitudeBits : magnitudeBits;
        value = bits == 32 ? (uint)value : value;
        return Result.Read;
    }

    /// <summary>Whether a number with more digits than fit is a fraction rather than too large: its last digit other than 0 stands behind the point.</summary>
    private static bool LastNonZeroIsFraction(ReadOnlySpan<byte> rest, int whole, int fraction, long scale)
    {
        var length = whole + (fraction > 0 ? fraction + 1 : 0);
        var last = rest[..length].LastIndexOfAnyExcept((byte)'0', (byte)'.');
        var digitsBehind = last < whole ? fraction + (whole - 1 - last) : length - 1 - last;
        return digitsBehind + scale < 0;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? text.Length : count;
    }
}
