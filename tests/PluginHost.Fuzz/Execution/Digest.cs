using System.Buffers.Binary;
using System.Numerics;
using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Execution;

/// <summary>
/// The hash of a memory and of what host functions are given: once for our own process, and once as instructions for modules that other engines run.
/// </summary>
internal static class Digest
{
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;
    private const int Rotation = 5;

    public static ulong Add(ulong digest, ulong bits) => (BitOperations.RotateLeft(digest, Rotation) ^ bits) * Factor;

    /// <summary>Hashes words of 8 bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong digest = 0;

        for (; bytes.Length >= 8; bytes = bytes[8..])
            digest = Add(digest, BinaryPrimitives.ReadUInt64LittleEndian(bytes));

        return digest;
    }

    /// <summary>With the digest and then the 64 bits on the stack: leaves the new digest.</summary>
    public static CodeWriter AddDigest(this CodeWriter code) => code.Op(Opcode.I64Xor).I64(unchecked((long)Factor)).Op(Opcode.I64Mul);

    /// <summary>With the digest on the stack: leaves it ready for <see cref="AddDigest"/>.</summary>
    public static CodeWriter RotateDigest(this CodeWriter code) => code.I64(Rotation).Op(Opcode.I64Rotl);

    /// <summary>A module that imports <c>case.memory</c> and exports <c>hash: () -> i64</c>.</summary>
    public static byte[] MemoryModule { get; } = CreateMemoryModule();

    private static byte[] CreateMemoryModule()
    {
        // local 0: the digest; local 1: the address; local 2: the end. Both count words, as a memory of 4 GiB ends beyond 32 bits.
        var code = new CodeWriter()
            .Op(Opcode.MemorySize, 0).I32(8192).Op(Opcode.I32Mul).Set(2)
            .Op(Opcode.Block, 0x40).Op(Opcode.Loop, 0x40)
            .Get(1).Get(2).Op(Opcode.I32Eq).Op(Opcode.BrIf, 1)
            .Get(0).RotateDigest().Get(1).I32(8).Op(Opcode.I32Mul).Op(Opcode.I64Load, 0).U32(0).AddDigest().Set(0)
            .Get(1).I32(1).Op(Opcode.I32Add).Set(1)
            .Op(Opcode.Br, 0).Op(Opcode.End).Op(Opcode.End)
            .Get(0).Op(Opcode.End);

        return new ModuleBytes()
            .Section(1, [1, 0x60, 0, 1, 0x7E])
            .Section(2, [1, .. ModuleBytes.Name("case"), .. ModuleBytes.Name("memory"), 2, 0, 0])
            .Section(3, [1, 0])
            .Section(7, [1, .. ModuleBytes.Name("hash"), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized([2, 1, 0x7E, 2, 0x7F, .. code.ToArray()])])
            .ToArray();
    }
}
