using System.Buffers.Binary;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation;

/// <summary>Writes instructions in the binary format.</summary>
internal sealed class CodeWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public CodeWriter Op(Opcode opcode)
    {
        if ((int)opcode >= 0x100)
            _bytes.Add((byte)((int)opcode >> 8));

        _bytes.Add((byte)opcode);
        return this;
    }

    /// <summary>An instruction with one immediate: an index, a label, the byte of a block's type.</summary>
    public CodeWriter Op(Opcode opcode, uint immediate) => Op(opcode).U32Bytes(immediate);

    public CodeWriter U32(uint value) => U32Bytes(value);

    public CodeWriter Get(uint local) => Op(Opcode.LocalGet, local);

    public CodeWriter Set(uint local) => Op(Opcode.LocalSet, local);

    public CodeWriter Tee(uint local) => Op(Opcode.LocalTee, local);

    public CodeWriter I32(int value) => Op(Opcode.I32Const).Signed(value);

    public CodeWriter I64(long value) => Op(Opcode.I64Const).Signed(value);

    /// <summary>A constant of a numeric type by its bits.</summary>
    public CodeWriter Const(ValueType type, ulong bits)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, bits);

        switch (type)
        {
            case ValueType.I32:
                return I32((int)bits);
            case ValueType.I64:
                return I64((long)bits);
            case ValueType.F32:
                Op(Opcode.F32Const);
                _bytes.AddRange(buffer[..4]);
                return this;
            default:
                Op(Opcode.F64Const);
                _bytes.AddRange(buffer);
                return this;
        }
    }

    /// <summary>A block type: an index of a type, as a signed number of 33 bits.</summary>
    public CodeWriter TypeIndex(int index) => Signed(index);

    public CodeWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private CodeWriter U32Bytes(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));

        _bytes.Add((byte)value);
        return this;
    }

    private CodeWriter Signed(long value)
    {
        for (; value is < -64 or > 63; value >>= 7)
            _bytes.Add((byte)(value | 0x80));

        _bytes.Add((byte)(value & 0x7F));
        return this;
    }
}
