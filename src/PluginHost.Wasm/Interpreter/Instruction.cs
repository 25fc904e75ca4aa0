using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// One instruction of the interpreter's register code: 16 bytes. A, B and C are frame slots unless the <see cref="Operation"/> says otherwise; behind them
/// stands one 64-bit immediate, or two of 32 bits. A jump counts in instructions from the one behind it.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Instruction
{
    [FieldOffset(0)]
    public Operation Operation;

    [FieldOffset(2)]
    public ushort A;

    [FieldOffset(4)]
    public ushort B;

    [FieldOffset(6)]
    public ushort C;

    [FieldOffset(8)]
    public ulong Immediate;

    [FieldOffset(8)]
    public uint Low;

    [FieldOffset(8)]
    public int Jump;

    [FieldOffset(12)]
    public uint High;

    public Instruction(Operation operation, int a = 0, int b = 0, int c = 0, ulong immediate = 0)
    {
        Operation = operation;
        A = (ushort)a;
        B = (ushort)b;
        C = (ushort)c;
        Immediate = immediate;
    }

    public Instruction(Operation operation, int a, int b, int c, uint low, uint high)
        : this(operation, a, b, c, low | ((ulong)high << 32))
    {
    }
}
