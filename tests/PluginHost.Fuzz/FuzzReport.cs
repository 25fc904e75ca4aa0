using PluginHost.Fuzz.Execution;

namespace PluginHost.Fuzz;

/// <summary>What a run did.</summary>
internal sealed class FuzzReport
{
    public int Cases { get; set; }

    /// <summary>Calls that were compared.</summary>
    public long Calls { get; set; }

    /// <summary>Calls of those that trapped.</summary>
    public long Traps { get; set; }

    /// <summary>Cases in which a limit ended the comparison before the end.</summary>
    public int Limited { get; set; }

    /// <summary>Cases that the generator did not deliver.</summary>
    public int Skipped { get; set; }

    /// <summary>Cases that wabt is known to be wrong about.</summary>
    public int Undecided { get; set; }

    public int Findings { get; set; }

    public TimeSpan Elapsed { get; set; }

    public void Count(ExecutionRecord record)
    {
        Calls += record.Outcomes.Count(outcome => !outcome.IsLimit);
        Traps += record.Outcomes.Count(outcome => outcome.Traps != TrapSet.None && !outcome.IsLimit);

        if (record.State is null && record.Instantiation.Traps == TrapSet.None)
            Limited++;
    }

    public override string ToString() =>
        $"{Cases:N0} cases, {Calls:N0} calls ({Traps:N0} trapped), {Limited:N0} cases cut short by a limit, {Skipped:N0} skipped, {Undecided:N0} not for wabt, {Elapsed.TotalSeconds:N0} s: {Findings:N0} findings";
}
