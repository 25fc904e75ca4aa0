using System.Reflection.Emit;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// A value on the operand stack that has not been computed yet: a constant, a local, or an instruction that cannot trap and touches no memory. It is computed
/// where it is used, so that the JIT sees expressions and not one local for each operand.
/// </summary>
internal sealed class Node
{
    /// <summary>Larger expressions are computed at once, which also bounds the recursion over them.</summary>
    public const int MaximumSize = 24;

    private Node(NodeKind kind, ValueType type, int size)
    {
        Kind = kind;
        Type = type;
        Size = size;
    }

    public NodeKind Kind { get; }

    public ValueType Type { get; }

    /// <summary>The nodes of the expression.</summary>
    public int Size { get; }

    /// <summary>For a constant: its bits.</summary>
    public ulong Bits { get; private init; }

    /// <summary>For a local of the function: its index.</summary>
    public int Local { get; private init; }

    /// <summary>For a value that was put aside.</summary>
    public LocalBuilder? Temporary { get; private init; }

    public Opcode Opcode { get; private init; }

    /// <summary>For SP: how far it is from its value at the function's entry.</summary>
    public int Displacement { get; private init; }

    public Node? First { get; private init; }

    public Node? Second { get; private init; }

    public static Node Const(ValueType type, ulong bits) => new(NodeKind.Const, type, 1) { Bits = bits };

    public static Node OfLocal(ValueType type, int local) => new(NodeKind.Local, type, 1) { Local = local };

    public static Node OfTemporary(ValueType type, LocalBuilder? temporary) => new(NodeKind.Temporary, type, 1) { Temporary = temporary };

    public static Node OfSp(int displacement) => new(NodeKind.Sp, ValueType.I32, 1) { Displacement = displacement };

    public static Node Operation(Opcode opcode, ValueType type, Node first, Node? second) =>
        new(NodeKind.Operation, type, 1 + first.Size + (second?.Size ?? 0)) { Opcode = opcode, First = first, Second = second };

    /// <summary>Whether computing it later could give another value once the local was assigned.</summary>
    public bool Reads(int local) => Kind switch
    {
        NodeKind.Local => Local == local,
        NodeKind.Operation => First!.Reads(local) || (Second?.Reads(local) ?? false),
        _ => false,
    };

    public bool ReadsSp() => Kind switch
    {
        NodeKind.Sp => true,
        NodeKind.Operation => First!.ReadsSp() || (Second?.ReadsSp() ?? false),
        _ => false,
    };

    public bool IsConst(out ulong bits)
    {
        bits = Bits;
        return Kind == NodeKind.Const;
    }
}
