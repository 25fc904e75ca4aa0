namespace PluginHost.Soak;

/// <summary>Everything that was ever uploaded, as its clients know it.</summary>
internal sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly List<LedgerEntry> _entries = [];

    public IReadOnlyList<LedgerEntry> All
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public LedgerEntry Add(string plugin, string digest, int size, LedgerState state = LedgerState.Unanswered)
    {
        var entry = new LedgerEntry(plugin, digest, size) { State = state };

        lock (_gate)
            _entries.Add(entry);

        return entry;
    }
}
