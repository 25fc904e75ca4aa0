using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Execution;

/// <summary>How one call ended: with results, or with a trap of one of the kinds that the engine's words may mean.</summary>
internal sealed record Outcome(ulong[] Results, TrapSet Traps)
{
    public static Outcome Trapped(TrapSet traps) => new([], traps);

    /// <summary>Whether the call ended for a reason that is each engine's own, so that nothing after it can be compared.</summary>
    public bool IsLimit => (Traps & TrapSet.Limits) != TrapSet.None;

    /// <summary>Whether both ended alike; one NaN is as good as another, as their bits are left open.</summary>
    public bool Matches(Outcome other, FunctionType type)
    {
        if (Traps != TrapSet.None || other.Traps != TrapSet.None)
            return (Traps & other.Traps) != TrapSet.None;

        for (var i = 0; i < Results.Length; i++)
        {
            if (Results[i] != other.Results[i] && !(Bits.IsNaN(Results[i], type.Results[i]) && Bits.IsNaN(other.Results[i], type.Results[i])))
                return false;
        }

        return true;
    }

    public string Describe(FunctionType type) =>
        Traps != TrapSet.None ? Traps.ToString() : $"({string.Join(", ", Results.Select((bits, i) => Bits.Format(bits, type.Results[i])))})";
}
