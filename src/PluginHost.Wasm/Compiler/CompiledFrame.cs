using System.Reflection.Emit;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Compiler;

/// <summary>A structured instruction that compilation is inside of.</summary>
internal struct CompiledFrame
{
    public ControlKind Kind;
    public FunctionType Type;

    /// <summary>Where branches to it go.</summary>
    public Label Label;

    /// <summary>Where an <c>if</c> goes when its condition is false.</summary>
    public Label ElseLabel;

    public bool HasElse;

    /// <summary>SP and global 0 where the instruction started; see <see cref="FunctionCompiler"/>.</summary>
    public int Sp;

    public int? Global;

    /// <summary>The height of the operand stack below its parameters.</summary>
    public int Height;

    /// <summary>How many values a branch to it takes along.</summary>
    public readonly int Arity => Kind == ControlKind.Loop ? Type.Parameters.Length : Type.Results.Length;

    public readonly System.Collections.Immutable.ImmutableArray<ValueType> LabelTypes => Kind == ControlKind.Loop ? Type.Parameters : Type.Results;
}
