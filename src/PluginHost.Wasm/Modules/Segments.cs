namespace PluginHost.Wasm.Modules;

/// <summary>When a segment is copied (spec 2.5.7 and 2.5.8).</summary>
public enum SegmentMode : byte
{
    /// <summary>Copied at instantiation, then dropped.</summary>
    Active,

    /// <summary>Copied by <c>memory.init</c> or <c>table.init</c>.</summary>
    Passive,

    /// <summary>Only declares functions that <c>ref.func</c> may name.</summary>
    Declarative,
}

/// <summary>
/// One data segment. A Go module has up to 100,000 of them, so it is a value that points into the module's bytes.
/// </summary>
/// <param name="MemoryOffset">For an active segment: where it goes.</param>
/// <param name="Offset">Where its bytes start in the module's bytes.</param>
/// <param name="Length">How many bytes it has.</param>
public readonly record struct DataSegment(SegmentMode Mode, ConstantExpression MemoryOffset, int Offset, int Length);

/// <summary>One element segment.</summary>
/// <param name="Offset">Where it starts in the module's bytes.</param>
/// <param name="TableIndex">For an active segment: the table it goes to.</param>
/// <param name="TableOffset">For an active segment: where it goes.</param>
/// <param name="FunctionIndices">The functions, where the segment lists indices; null where it lists expressions.</param>
/// <param name="Expressions">The elements, where the segment lists constant expressions; null where it lists indices.</param>
public sealed record ElementSegment(
    int Offset,
    SegmentMode Mode,
    ValueType ElementType,
    uint TableIndex,
    ConstantExpression TableOffset,
    uint[]? FunctionIndices,
    ConstantExpression[]? Expressions)
{
    public int Length => FunctionIndices?.Length ?? Expressions!.Length;
}
