using System.Collections.Concurrent;

namespace PluginHost.Plugins;

/// <summary>The plugins that there are, in memory.</summary>
internal sealed class PluginRegistry
{
    private readonly ConcurrentDictionary<string, PluginEntry> _entries = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    public IEnumerable<PluginEntry> All => _entries.Values;

    public Outcome<PluginEntry> Find(string name) => _entries.TryGetValue(name, out var entry)
        ? entry
        : new PluginFailure(FailureCode.PluginNotFound, PluginName.IsValid(name) ? $"There is no plugin '{name}'." : "There is no such plugin, and it would not be a valid name.");

    public void Add(PluginEntry entry) => _entries[entry.Name] = entry;

    public void Remove(string name) => _entries.TryRemove(name, out _);

    /// <summary>Entries in the order of their names.</summary>
    public IReadOnlyList<PluginEntry> After(string? name, int maximum, IReadOnlyList<LabelSelector> labels) =>
        [.. _entries.Values.Where(entry => string.CompareOrdinal(entry.Name, name) > 0 && labels.All(label => label.Selects(entry.Plugin.Configuration.Labels))).OrderBy(entry => entry.Name, StringComparer.Ordinal).Take(maximum)];
}
