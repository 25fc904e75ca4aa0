using System.Collections.Immutable;

namespace PluginHost.Wasm.Runtime;

/// <summary>One frame of a guest's stack at a trap.</summary>
/// <param name="FunctionIndex">The index in the function index space.</param>
/// <param name="FunctionName">The name section's name, or null where there is none.</param>
public sealed record StackFrame(uint FunctionIndex, string? FunctionName)
{
    public override string ToString() => FunctionName ?? $"func[{FunctionIndex}]";
}

/// <summary>
/// A guest's execution was aborted (spec 4.4, "trap"), or ended by one of the limits on it. The instance that trapped should be discarded: a Go runtime
/// that was interrupted is in no state to go on.
/// </summary>
public sealed class TrapException(TrapKind kind, string message) : Exception(message)
{
    public TrapException(TrapKind kind)
        : this(kind, Traps.Message(kind))
    {
    }

    public TrapKind Kind { get; } = kind;

    /// <summary>The guest's stack, innermost frame first; at most <see cref="MaximumStackFrames"/> frames.</summary>
    public ImmutableArray<StackFrame> Frames { get; internal set; } = [];

    /// <summary>How many frames a trap reports.</summary>
    public const int MaximumStackFrames = 64;
}
