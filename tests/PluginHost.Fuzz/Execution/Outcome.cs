using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Execution;

/// <summary>How one call ended: with results, or with a trap of one of the kinds that the engine's words may mean.</summary>
internal sealed record Outcome(ulong[] Results, TrapSet Traps)
{
    public static Outcome Trapped(TrapSet traps) => new([], traps);

    /// <summary>Whether the call ended for a reason that is each engine's own, so that nothing after it can be compared.</summary>
    public bool IsLimit => (Traps & TrapSet.Limits) != TrapSet.None;

    public bool Matches(Outcome other) =>
        Traps == TrapSet.None && other.Traps == TrapSet.None ? Results.AsSpan().SequenceEqual(other.Results) : (Traps & other.Traps) != TrapSet.None;

    public string Describe(FunctionType type) =>
        Traps != TrapSet.None ? Traps.ToString() : $"({string.Join(", ", Results.Select((bits, i) => Bits.Format(bits, type.Results[i])))})";
}
