using System.Collections.Concurrent;

namespace PluginHost.Soak;

/// <summary>How often each operation ended in which way.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(string Operation, string Outcome), int> _counts = new();

    public int Total => _counts.Values.Sum();

    public void Count(string operation, string outcome) => _counts.AddOrUpdate((operation, outcome), 1, (_, count) => count + 1);

    /// <summary>By outcome over all operations, the most frequent first.</summary>
    public IEnumerable<(string Outcome, int Count)> Outcomes() =>
        _counts.GroupBy(pair => pair.Key.Outcome, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(pair => pair.Value))).OrderByDescending(pair => pair.Item2);

    /// <summary>By operation, each with its outcomes.</summary>
    public IEnumerable<(string Operation, int Count, string Outcomes)> Operations() => _counts
        .GroupBy(pair => pair.Key.Operation, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (
            group.Key,
            group.Sum(pair => pair.Value),
            string.Join(", ", group.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key.Outcome} × {pair.Value}"))));
}
