using System.Text;

namespace PluginHost.Fuzz.Mutation;

/// <summary>What a run did.</summary>
internal sealed class MutationReport
{
    private readonly SortedDictionary<string, int> _known = new(StringComparer.Ordinal);

    public int Cases { get; private set; }

    /// <summary>Modules that the engine accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Modules of the official suite among those that were mutated.</summary>
    public int SuiteModules { get; init; }

    public int Findings { get; set; }

    public TimeSpan Elapsed { get; set; }

    public void Count(Verdict verdict)
    {
        Cases++;

        if (verdict.Engine is null)
            Accepted++;
    }

    public void CountKnown(string reason) => _known[reason] = _known.GetValueOrDefault(reason) + 1;

    public override string ToString()
    {
        var text = new StringBuilder();

        foreach (var (reason, count) in _known)
            text.AppendLine($"{count,7:N0} × {reason}");

        return text.Append($"{Cases:N0} modules ({Accepted:N0} valid; {SuiteModules:N0} of the official suite to start from), {Elapsed.TotalSeconds:N0} s: {Findings:N0} findings").ToString();
    }
}
