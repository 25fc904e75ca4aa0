using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// How compiled functions of a type are called. Ordinarily: the arguments, the instance, and the index of the function, which only a stub needs; one result is
/// returned, several are left on top of the value stack, at <see cref="Runtime.InstanceContext.ValueStackTop"/>.
/// <para>
/// Functions of type i32 → i32 in a module whose global 0 is an i32 of its own are called as suits Go, where that global is SP: with SP (which global 0 holds
/// as well), the instance, and a selector: the function's index, and the argument above it. What returns 0 returns global 0, which is SP; what returns
/// anything else leaves it in <see cref="Runtime.InstanceContext.Result"/> and returns −1. So a Go caller knows by one comparison that its call neither
/// unwinds nor moved SP.
/// </para>
/// </summary>
internal sealed class Signature
{
    public Signature(FunctionType type, bool isGo)
    {
        Type = type;
        IsGo = isGo;

        if (isGo)
        {
            Parameters = [typeof(long), IlTypes.Instance, typeof(long)];
            Result = typeof(long);
            return;
        }

        Parameters = [.. type.Parameters.Select(IlTypes.Of), IlTypes.Instance, typeof(int)];
        Result = type.Results.Length == 1 ? IlTypes.Of(type.Results[0]) : typeof(void);
    }

    /// <summary>How a function in Go's convention is entered in the middle: with its locals in slots, or none where none is live there.</summary>
    public static Type[] ResumeParameters { get; } = [typeof(long), IlTypes.Instance, typeof(long), typeof(ulong*)];

    public FunctionType Type { get; }

    public bool IsGo { get; }

    public Type[] Parameters { get; }

    public Type Result { get; }

    /// <summary>The number of the argument that is the instance.</summary>
    public int InstanceArgument => IsGo ? 1 : Type.Parameters.Length;
}
