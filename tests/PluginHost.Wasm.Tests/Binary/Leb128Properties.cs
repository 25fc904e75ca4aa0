using System.Numerics;
using FsCheck.Xunit;

namespace PluginHost.Wasm.Tests.Binary;

/// <summary>What holds of every LEB128 integer, not only of those that somebody thought of.</summary>
[Properties(Arbitrary = [typeof(Leb128Case)], Replay = PropertySeed.Fixed, MaxTest = 2_000, QuietOnSuccess = true)]
public sealed class Leb128Properties
{
    [Property]
    public void Read_AnyValueInAnyLength_GivesItAndStopsBehindIt(Leb128Case integer)
    {
        byte[] bytes = [.. integer.Before, .. integer.Encoded, .. integer.After];

        var outcome = integer.Format.Read(bytes, integer.Before.Length, bytes.Length);

        Assert.Equal(new Leb128Outcome((long)integer.Value, integer.Before.Length + integer.Length, null), outcome);
    }

    [Property]
    public void Read_CutAnywhere_IsRefusedAtTheEndOfTheRange(Leb128Case integer)
    {
        byte[] bytes = [.. integer.Before, .. integer.Encoded, .. integer.After];

        // What stands behind the range is there and must not be read.
        for (var kept = 0; kept < integer.Length; kept++)
        {
            var end = integer.Before.Length + kept;

            Assert.Equal(new Leb128Outcome(0, end, "unexpected end"), integer.Format.Read(bytes, integer.Before.Length, end));
        }
    }

    [Property]
    public void Read_LongerThanTheFormatAllows_IsRefusedAtItsLastByte(Leb128Case integer, byte more)
    {
        var length = integer.Format.MaximumLength + 1 + (more % 4);
        byte[] bytes = [.. integer.Before, .. Leb128.Encode(integer.Value, length), .. integer.After];

        var outcome = integer.Format.Read(bytes, integer.Before.Length, bytes.Length);

        Assert.Equal(new Leb128Outcome(0, integer.Before.Length + integer.Format.MaximumLength - 1, "integer representation too long"), outcome);
    }

    [Property]
    public void Read_BitsAboveTheWidth_AreRefusedAtTheirByte(Leb128Case integer, byte noise)
    {
        // Every value of the unused bits but the one that repeats the sign.
        var format = integer.Format;
        var unused = (7 * format.MaximumLength) - format.Width;
        var beyond = integer.Value + ((BigInteger)(1 + (noise % ((1 << unused) - 1))) << format.Width);
        byte[] bytes = [.. integer.Before, .. Leb128.Encode(beyond, format.MaximumLength), .. integer.After];

        var outcome = format.Read(bytes, integer.Before.Length, bytes.Length);

        Assert.Equal(new Leb128Outcome(0, integer.Before.Length + format.MaximumLength - 1, "integer too large"), outcome);
    }

    [Property]
    public void Read_AnyBytes_GivesWhatTheDefinitionGives(byte[] bytes, bool[] continues)
    {
        // Random bytes go on half of the time; these mostly go on, and so reach the long forms.
        for (var index = 0; index < Math.Min(bytes.Length, continues.Length); index++)
            bytes[index] |= 0x80;

        foreach (var format in Leb128Format.All)
            Assert.Equal(Leb128.Decode(bytes, format.Width, format.IsSigned), format.Read(bytes, 0, bytes.Length));
    }
}
