using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>How an <see cref="Operand"/> gives its value.</summary>
internal enum OperandKind : byte
{
    /// <summary>What stands in the slot; of a 32-bit value, in its low half.</summary>
    Slot,

    /// <summary>The bits themselves.</summary>
    Const,

    /// <summary>The low half of slot + addend.</summary>
    Add32,

    /// <summary>Slot + addend.</summary>
    Add64,

    /// <summary>The zero-extended low half of the slot, + addend.</summary>
    AddExtended,
}

/// <summary>
/// What lowering knows of a value on the operand stack. A value that is a local, a constant, or a sum with a constant is not computed until something needs it
/// in a slot, since most such values become part of an address or of another instruction.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Operand(OperandKind Kind, int Slot, ulong Value)
{
    public static Operand InSlot(int slot) => new(OperandKind.Slot, slot, 0);

    public static Operand Const(ulong bits) => new(OperandKind.Const, -1, bits);

    public bool IsConst => Kind == OperandKind.Const;
}
