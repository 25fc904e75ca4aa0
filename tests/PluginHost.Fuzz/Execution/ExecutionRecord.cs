using PluginHost.Wasm.Runtime;

namespace PluginHost.Fuzz.Execution;

/// <summary>What one engine made of a case.</summary>
/// <param name="Engine">The engine's name.</param>
/// <param name="Instantiation">How making the instance ended; without results.</param>
/// <param name="Outcomes">One for each call, in order; fewer where a limit ended one, which is then the last.</param>
/// <param name="State">What stands in memory and globals at the end; null where that was not reached.</param>
/// <param name="Tiers">For our own engines: what ran as which code.</param>
internal sealed record ExecutionRecord(string Engine, Outcome Instantiation, IReadOnlyList<Outcome> Outcomes, FinalState? State, TierStatistics? Tiers = null);
