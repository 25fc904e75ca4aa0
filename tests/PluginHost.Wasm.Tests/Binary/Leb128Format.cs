using System.Numerics;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Tests.Binary;

/// <summary>One of the integers that the binary format has.</summary>
public sealed record Leb128Format(string Name, int Width, bool IsSigned)
{
    public static IReadOnlyList<Leb128Format> All { get; } = [new("u32", 32, false), new("s32", 32, true), new("s33", 33, true), new("s64", 64, true)];

    public int MaximumLength => (Width + 6) / 7;

    public BigInteger Minimum => IsSigned ? -(BigInteger.One << (Width - 1)) : BigInteger.Zero;

    public BigInteger Maximum => (BigInteger.One << (IsSigned ? Width - 1 : Width)) - 1;

    /// <summary>Reads one integer of this format from a range of a module's bytes.</summary>
    internal Leb128Outcome Read(ReadOnlySpan<byte> bytes, int start, int end)
    {
        var reader = new ByteReader(bytes, start, end);

        try
        {
            var value = Name switch
            {
                "u32" => reader.ReadU32(),
                "s32" => reader.ReadS32(),
                "s33" => reader.ReadS33(),
                _ => reader.ReadS64(),
            };

            return new Leb128Outcome(value, reader.Offset, null);
        }
        catch (MalformedModuleException exception)
        {
            return new Leb128Outcome(0, exception.Offset, exception.Reason);
        }
    }
}
