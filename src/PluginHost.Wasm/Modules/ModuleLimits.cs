namespace PluginHost.Wasm.Modules;

/// <summary>
/// What a module may at most contain. The specification allows an embedder such limits (spec 7.2); each is far above what Go's linker makes, and
/// the error names the limit and the value that exceeded it.
/// </summary>
public sealed record ModuleLimits
{
    public static ModuleLimits Default { get; } = new();

    /// <summary>The module's size in bytes.</summary>
    public int ModuleBytes { get; init; } = 256 * 1024 * 1024;

    public int Types { get; init; } = 100_000;

    public int Imports { get; init; } = 100_000;

    public int Functions { get; init; } = 1_000_000;

    public int Exports { get; init; } = 100_000;

    public int Globals { get; init; } = 100_000;

    public int Tables { get; init; } = 100;

    /// <summary>The elements a table may declare as its minimum.</summary>
    public uint TableElements { get; init; } = 10_000_000;

    public int DataSegments { get; init; } = 1_000_000;

    public int ElementSegments { get; init; } = 1_000_000;

    public int CustomSections { get; init; } = 10_000;

    /// <summary>One function's declarations and code, in bytes.</summary>
    public int FunctionBodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Parameters and locals of one function together.</summary>
    public int Locals { get; init; } = 50_000;

    /// <summary>Values on one function's operand stack.</summary>
    public int OperandStack { get; init; } = 10_000;

    /// <summary>Blocks nested in one function. Go's big switches reach 4,017.</summary>
    public int BlockNesting { get; init; } = 100_000;

    /// <summary>Targets of one <c>br_table</c>. Go's big switches reach 7,340.</summary>
    public int BranchTargets { get; init; } = 1_000_000;

    public int Parameters { get; init; } = 1_000;

    public int Results { get; init; } = 1_000;

    /// <summary>The length of a name of an import, an export or a custom section, in bytes.</summary>
    public int NameBytes { get; init; } = 100_000;
}
