using System.Runtime.InteropServices;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Compiler;

/// <summary>The values that a function computes, by numbers: the same number is the same value, wherever the function keeps it.</summary>
internal sealed class ValueTable
{
    /// <summary>The root of addresses that are constants.</summary>
    public const int NoRoot = -1;

    private const int None = -1;

    private readonly List<Value> _values = [];
    private readonly List<(int Root, uint Addend)> _addresses = [];
    private readonly Dictionary<Value, int> _known = [];

    /// <summary>A value of which nothing is known.</summary>
    public int Unknown() => Add(new Value(default, None, None, 0), (_values.Count, 0));

    public int Const(Opcode opcode, ulong bits) => Find(new Value(opcode, None, None, bits), () => (NoRoot, (uint)bits));

    /// <summary>What an instruction on integers gives.</summary>
    public int Operation(Opcode opcode, int first, int second = None) => Find(new Value(opcode, first, second, 0), () => FindAddress(opcode, first, second));

    /// <summary>The low 32 bits of a value, as those of another plus a constant.</summary>
    public (int Root, uint Addend) Address(int value) => _addresses[value];

    private (int Root, uint Addend) FindAddress(Opcode opcode, int first, int second)
    {
        switch (opcode)
        {
            case Opcode.I32WrapI64 or Opcode.I64ExtendI32U or Opcode.I64ExtendI32S or Opcode.I64Extend32S:
                return _addresses[first];
            case Opcode.I32Add or Opcode.I64Add when _addresses[second] is (NoRoot, var addend):
                return (_addresses[first].Root, _addresses[first].Addend + addend);
            case Opcode.I32Add or Opcode.I64Add when _addresses[first] is (NoRoot, var addend):
                return (_addresses[second].Root, _addresses[second].Addend + addend);
            case Opcode.I32Sub or Opcode.I64Sub when _addresses[second] is (NoRoot, var addend):
                return (_addresses[first].Root, _addresses[first].Addend - addend);
            default:
                return (_values.Count, 0);
        }
    }

    private int Find(Value value, Func<(int Root, uint Addend)> address) => _known.TryGetValue(value, out var known) ? known : _known[value] = Add(value, address());

    private int Add(Value value, (int Root, uint Addend) address)
    {
        _values.Add(value);
        _addresses.Add(address);
        return _values.Count - 1;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Value(Opcode Opcode, int First, int Second, ulong Bits);
}
