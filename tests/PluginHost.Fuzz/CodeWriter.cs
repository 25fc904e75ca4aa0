using System.Buffers.Binary;
using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz;

/// <summary>Writes instructions of the binary format.</summary>
internal sealed class CodeWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public CodeWriter Op(Opcode opcode, params ReadOnlySpan<uint> immediates)
    {
        if ((int)opcode > 0xFF)
        {
            _bytes.Add(0xFC);
            _bytes.AddRange(ModuleBytes.U32((uint)opcode & 0xFF));
        }
        else
        {
            _bytes.Add((byte)opcode);
        }

        foreach (var immediate in immediates)
            _bytes.AddRange(ModuleBytes.U32(immediate));

        return this;
    }

    public CodeWriter Const32(int value)
    {
        _bytes.Add((byte)Opcode.I32Const);
        Signed(value);
        return this;
    }

    public CodeWriter Const64(long value)
    {
        _bytes.Add((byte)Opcode.I64Const);
        Signed(value);
        return this;
    }

    public CodeWriter ConstDouble(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Add((byte)Opcode.F64Const);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Starts a block, loop or if of no parameters, with the result type that is given or none.</summary>
    public CodeWriter Enter(Opcode opcode, byte result = 0x40)
    {
        _bytes.Add((byte)opcode);
        _bytes.Add(result);
        return this;
    }

    public CodeWriter BrTable(IReadOnlyList<uint> depths)
    {
        _bytes.Add((byte)Opcode.BrTable);
        _bytes.AddRange(ModuleBytes.U32((uint)depths.Count - 1));

        foreach (var depth in depths)
            _bytes.AddRange(ModuleBytes.U32(depth));

        return this;
    }

    public CodeWriter Memory(Opcode opcode, uint offset) => Op(opcode, 0, offset);

    public CodeWriter End() => Op(Opcode.End);

    private void Signed(long value)
    {
        while (true)
        {
            var low = (byte)(value & 0x7F);
            value >>= 7;

            if ((value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0))
            {
                _bytes.Add(low);
                return;
            }

            _bytes.Add((byte)(low | 0x80));
        }
    }
}
