namespace PluginHost.Plugins.Catalog;

/// <summary>
/// The folder that holds everything the host remembers. It is locked while the host runs: a second one would take the first one's unfinished uploads for
/// the remains of a crash.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private FileStream? _lock;

    public DataDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Incoming = System.IO.Path.Combine(Path, "incoming");
        Modules = System.IO.Path.Combine(Path, "modules", "sha256");
        Catalog = System.IO.Path.Combine(Path, "catalog.db");
    }

    public string Path { get; }

    /// <summary>Uploads that are being received.</summary>
    public string Incoming { get; }

    /// <summary>Modules by digest.</summary>
    public string Modules { get; }

    /// <summary>The database file.</summary>
    public string Catalog { get; }

    /// <summary>Makes the folders and takes the lock.</summary>
    /// <exception cref="PluginHostStartException">The folder cannot be made or written to, or another server uses it.</exception>
    public void Open()
    {
        try
        {
            Directory.CreateDirectory(Incoming);
            Directory.CreateDirectory(Modules);
            DurableFiles.FlushDirectory(Path);
            DurableFiles.FlushDirectory(System.IO.Path.GetDirectoryName(Modules)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FullStorage.Explains(exception)
                ? new PluginHostStartException($"There is no room left where the data directory '{Path}' is: {exception.Message}", StartFailure.StorageFull, exception)
                : new PluginHostStartException($"The data directory '{Path}' cannot be used: {exception.Message} The server must be able to write there; PluginHost:DataDirectory names another.", StartFailure.DataDirectory, exception);
        }

        try
        {
            _lock = new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw exception is UnauthorizedAccessException
                ? new PluginHostStartException($"The data directory '{Path}' cannot be used: {exception.Message} The server must be able to write there; PluginHost:DataDirectory names another.", StartFailure.DataDirectory, exception)
                : new PluginHostStartException($"The data directory '{Path}' cannot be locked; perhaps another server uses it: {exception.Message}", StartFailure.InUse, exception);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
