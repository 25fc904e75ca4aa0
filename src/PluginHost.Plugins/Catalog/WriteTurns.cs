namespace PluginHost.Plugins.Catalog;

/// <summary>
/// Who writes the database next. SQLite lets one write at a time and has the others look again now and then, so that plugins which write without a pause would
/// keep the catalog from ever getting its turn: it goes first.
/// </summary>
internal sealed class WriteTurns
{
    private readonly Lock _turn = new();
    private int _catalogs;

    /// <summary>Runs a change of the catalog's.</summary>
    public T Catalog<T>(Func<T> write)
    {
        Interlocked.Increment(ref _catalogs);

        lock (_turn)
        {
            Interlocked.Decrement(ref _catalogs);
            return write();
        }
    }

    /// <summary>Runs changes of plugins' stores, when the catalog has none.</summary>
    public void Stores(Action write)
    {
        while (Volatile.Read(ref _catalogs) > 0)
            Thread.Sleep(1);

        lock (_turn)
            write();
    }
}
