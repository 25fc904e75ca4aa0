using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace PluginHost.Wasm.Tests.Binary;

/// <summary>An integer as it may stand somewhere in a module.</summary>
/// <param name="Length">How many bytes it takes: at least what it needs, at most what its format allows.</param>
/// <param name="Before">What stands before it.</param>
/// <param name="After">What stands behind it.</param>
public sealed record Leb128Case(Leb128Format Format, BigInteger Value, int Length, byte[] Before, byte[] After)
{
    public byte[] Encoded => Leb128.Encode(Value, Length);

    public override string ToString() => $"{Format.Name} {Value} in {Length} bytes at {Before.Length}: {Convert.ToHexString(Encoded)}";

    /// <summary>How FsCheck makes them: every count of bits is as likely as any other, and so are the values beside a power of two.</summary>
    public static Arbitrary<Leb128Case> Arbitrary()
    {
        var surroundings = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Resize(6);

        return Arb.From(
            from format in Gen.Elements(Leb128Format.All.ToArray())
            from value in Values(format)
            from length in Gen.Choose(Leb128.MinimumLength(value, format.IsSigned), format.MaximumLength)
            from before in surroundings
            from after in surroundings
            select new Leb128Case(format, value, length, before, after));
    }

    private static Gen<BigInteger> Values(Leb128Format format) =>
        from bits in Gen.Choose(0, format.Width)
        from low in Gen.Choose(0, int.MaxValue)
        from high in Gen.Choose(0, int.MaxValue)
        from nearby in Gen.Choose(-2, 2)
        from isNearby in Gen.Elements(true, false)
        from isNegative in Gen.Elements(true, false)
        let magnitude = isNearby ? (BigInteger.One << bits) + nearby : (((BigInteger)high << 33) ^ low) & ((BigInteger.One << bits) - 1)
        select BigInteger.Clamp(isNegative ? -magnitude : magnitude, format.Minimum, format.Maximum);
}
