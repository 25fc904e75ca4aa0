using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public int Seed { get; init; } = 1;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of the first case: a run can be gone on with, or one case be repeated.</summary>
    public int First { get; init; }

    public int MaximumCases { get; init; } = int.MaxValue;

    public IReadOnlyList<IExecutionEngine> Engines { get; init; } = All(seed: 1);

    /// <summary>All engines, and one that exchanges tiers at random.</summary>
    public static IReadOnlyList<IExecutionEngine> All(int seed) => [.. ExecutionEngines.All, new SwitchingEngine(seed)];

    /// <summary>The name of the one source of modules to use, or "all".</summary>
    public string Source { get; init; } = "all";

    /// <summary>How many times each export is called.</summary>
    public int Rounds { get; init; } = 4;

    /// <summary>The folder for modules that showed a difference.</summary>
    public string Keep { get; init; } = Path.Combine(Path.GetTempPath(), "pluginhost-fuzz");

    public bool Shrink { get; init; } = true;
}
