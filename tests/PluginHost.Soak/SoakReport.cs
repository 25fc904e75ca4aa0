using System.Globalization;
using System.Text;

namespace PluginHost.Soak;

/// <summary>What a run came to, as Markdown.</summary>
internal sealed class SoakReport(SoakOptions options, Tally tally, Violations violations, Monitor monitor)
{
    private readonly List<LeakCheck> _leaks = [];
    private readonly List<LedgerSummary> _audits = [];
    private readonly List<string> _notes = [];

    public void Add(LeakCheck check)
    {
        _leaks.Add(check);

        foreach (var leak in check.Leaks(options.IsSmoke))
            violations.Add($"Leak: {leak}");
    }

    public void Add(LedgerSummary audit)
    {
        _audits.Add(audit);
        Console.WriteLine(audit);
    }

    public void Note(string text)
    {
        _notes.Add(text);
        Console.WriteLine(text);
    }

    public string Write()
    {
        var text = new StringBuilder();

        Line($"# Soak of {options.Minutes} minutes, seed {options.Seed}");
        Line($"{tally.Total} requests in {monitor.Elapsed:hh\\:mm\\:ss}; **{violations.Count} violations**.");

        Line($"\n| operation | requests | answers |\n|---|---:|---|");

        foreach (var (operation, count, outcomes) in tally.Operations())
            Line($"| {operation} | {count} | {outcomes} |");

        Line($"\n| audit | acknowledged uploads | acknowledged deletions | refused or cut off | unanswered | there at the end |\n|---|---:|---:|---:|---:|---:|");

        foreach (var audit in _audits)
            Line($"| {audit.Occasion} | {audit.Acknowledged} | {audit.Deleted} | {audit.Refused} | {audit.Unanswered} | {audit.Present} |");

        Line($"\n| at rest | requests since | resident MB | heap MB | threads | fds | maps | files |\n|---|---:|---:|---:|---:|---:|---:|---:|");

        foreach (var check in _leaks)
        {
            Row($"{check.Name}, after the warm-up", 0, check.Before);
            Row($"{check.Name}, after the load", check.Requests, check.After);
        }

        Line($"\n| growth a minute under load | samples | resident MB | threads | fds | maps |\n|---|---:|---:|---:|---:|---:|");

        foreach (var (life, samples, megabytes, threads, descriptors, mappings) in monitor.Slopes())
            Line($"| process {life} | {samples} | {megabytes:0.00} | {threads:0.00} | {descriptors:0.00} | {mappings:0.00} |");

        Line($"");
        _notes.ForEach(note => Line($"- {note}"));

        foreach (var violation in violations.Kept)
            Line($"- VIOLATION {violation}");

        return text.ToString();

        void Row(string name, int requests, ResourceSample sample) =>
            Line($"| {name} | {requests} | {sample.ResidentMegabytes:0} | {sample.HeapMegabytes:0.0} | {sample.Threads} | {sample.Descriptors} | {sample.Mappings} | {sample.Files} |");

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
