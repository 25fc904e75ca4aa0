namespace PluginHost.Soak;

/// <summary>One upload and what is known of it. Only the worker that owns the plugin changes it, or the run while no worker runs.</summary>
internal sealed class LedgerEntry(string plugin, string digest, int size)
{
    public string Plugin { get; } = plugin;

    public string Digest { get; } = digest;

    public int Size { get; } = size;

    public int Ordinal { get; set; }

    public LedgerState State { get; set; } = LedgerState.Unanswered;

    public override string ToString() => $"{Plugin}/{Ordinal} {Digest} ({State})";
}
