using System.Buffers.Binary;
using System.Numerics;
using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz.Execution;

/// <summary>
/// The hash of a memory and of what host functions are given: once for our own process, and once as instructions for modules that other engines run.
/// </summary>
internal static class Digest
{
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;
    private const int Rotation = 5;

    /// <summary>The bytes that one turn of the loop hashes.</summary>
    private const int Step = 256;

    public static ulong Add(ulong digest, ulong bits) => (BitOperations.RotateLeft(digest, Rotation) ^ bits) * Factor;

    /// <summary>
    /// Hashes a memory as two interleaved lanes of words, without rotation: that is two vector instructions for 16 bytes where an interpreter has to do it.
    /// </summary>
    public static ulong OfMemory(ReadOnlySpan<byte> bytes)
    {
        var (even, odd) = (0UL, 0UL);

        for (; bytes.Length >= 16; bytes = bytes[16..])
        {
            even = (even ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Factor;
            odd = (odd ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])) * Factor;
        }

        return Add(even, odd);
    }

    /// <summary>With the digest and then the 64 bits on the stack: leaves the new digest.</summary>
    public static CodeWriter AddDigest(this CodeWriter code) => code.Op(Opcode.I64Xor).I64(unchecked((long)Factor)).Op(Opcode.I64Mul);

    /// <summary>With the digest on the stack: leaves it ready for <see cref="AddDigest"/>.</summary>
    public static CodeWriter RotateDigest(this CodeWriter code) => code.I64(Rotation).Op(Opcode.I64Rotl);

    /// <summary>A module that imports <c>case.memory</c> and exports <c>hash: () -> i64</c>.</summary>
    public static byte[] MemoryModule { get; } = CreateMemoryModule();

    private static byte[] CreateMemoryModule()
    {
        // Local 0: the two digests; local 1: the address in units of a step, as a memory of 4 GiB ends beyond 32 bits; local 2: the steps; local 3: the factor.
        var code = new CodeWriter()
            .Op(Opcode.MemorySize, 0).I32(LinearMemory.PageSize / Step).Op(Opcode.I32Mul).Set(2)
            .I64(unchecked((long)Factor)).Raw(0xFD, 0x12).Set(3)
            .Op(Opcode.Block, 0x40).Op(Opcode.Loop, 0x40)
            .Get(1).Get(2).Op(Opcode.I32Eq).Op(Opcode.BrIf, 1);

        for (var offset = 0; offset < Step; offset += 16)
        {
            // v128.load, v128.xor, i64x2.mul
            code.Get(0).Get(1).I32(Step).Op(Opcode.I32Mul).Raw(0xFD, 0x00, 0x00).U32((uint)offset).Raw(0xFD, 0x51).Get(3).Raw(0xFD, 0xD5, 0x01).Set(0);
        }

        // i64x2.extract_lane
        code.Get(1).I32(1).Op(Opcode.I32Add).Set(1).Op(Opcode.Br, 0).Op(Opcode.End).Op(Opcode.End)
            .Get(0).Raw(0xFD, 0x1D, 0).RotateDigest().Get(0).Raw(0xFD, 0x1D, 1).AddDigest().Op(Opcode.End);

        return new ModuleBytes()
            .Section(1, [1, 0x60, 0, 1, 0x7E])
            .Section(2, [1, .. ModuleBytes.Name("case"), .. ModuleBytes.Name("memory"), 2, 0, 0])
            .Section(3, [1, 0])
            .Section(7, [1, .. ModuleBytes.Name("hash"), 0, 0])
            .Section(10, [1, .. ModuleBytes.Sized([3, 1, 0x7B, 2, 0x7F, 1, 0x7B, .. code.ToArray()])])
            .ToArray();
    }
}
