using System.Runtime.InteropServices;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Validation;

/// <summary>The stacks of a validation, kept for the next one of the same thread.</summary>
internal sealed class ValidationStacks
{
    private const int KeptFrames = 10_000;
    private const int KeptValues = 50_000;

    public ValueType[] Operands = new ValueType[256];
    public BlockFrame[] Frames = new BlockFrame[64];
    public ValueType[] Locals = new ValueType[64];
    public uint[] Targets = new uint[64];
    public int OperandCount;
    public int FrameCount;
    public int LocalCount;

    /// <summary>Whether they are of a size that ordinary functions need; what one huge function needed is not kept for each thread.</summary>
    public bool IsWorthKeeping => Frames.Length <= KeptFrames && Operands.Length <= KeptValues && Locals.Length <= KeptValues && Targets.Length <= KeptValues;

    public void Clear() => OperandCount = FrameCount = LocalCount = 0;
}

/// <summary>A block that validation is inside of.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct BlockFrame
{
    public FunctionType Type;

    /// <summary>The height of the operand stack below the block's own values.</summary>
    public int Height;

    public BlockKind Kind;

    /// <summary>Whether the rest of the block cannot be reached.</summary>
    public bool IsUnreachable;

    /// <summary>Whether the sink knows the block: it started where it can be reached.</summary>
    public bool IsReported;
}

internal enum BlockKind : byte
{
    Function,
    Block,
    Loop,
    If,
    Else,
}
