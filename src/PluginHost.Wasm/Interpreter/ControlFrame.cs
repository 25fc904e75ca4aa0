using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Interpreter;

internal enum ControlKind : byte
{
    Function,
    Block,
    Loop,
    If,
}

/// <summary>A structured instruction that lowering is inside of.</summary>
internal struct ControlFrame
{
    public ControlKind Kind;
    public FunctionType Type;

    /// <summary>Where branches to it go.</summary>
    public int Label;

    /// <summary>Where an <c>if</c> goes when its condition is false; −1 where that is settled.</summary>
    public int ElseLabel;

    /// <summary>The height of the operand stack below its parameters.</summary>
    public int Height;

    /// <summary>Where its code starts.</summary>
    public int Start;

    /// <summary>For a loop that starts with a <c>br_table</c> on a local: the labels it goes to, −1 where a jump cannot go there directly; and the local.</summary>
    public int[]? Dispatch;

    public int Selector;

    /// <summary>How many values a branch to it takes along.</summary>
    public readonly int Arity => Kind == ControlKind.Loop ? Type.Parameters.Length : Type.Results.Length;

    /// <summary>Whether a branch to it is a jump and nothing else.</summary>
    public readonly bool IsPlainTarget => Kind != ControlKind.Function && Arity == 0;
}
