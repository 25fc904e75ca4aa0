using Microsoft.Extensions.Logging;

namespace PluginHost.Plugins.Catalog;

/// <summary>
/// The gate that what changes the catalog passes one at a time: a change is a few milliseconds of the disk's, and nothing has to be said about two of them at
/// once. Receiving and inspecting an upload happens before, outside the gate.
/// </summary>
internal sealed partial class CatalogChanges(PluginCatalog catalog, ModuleFiles files, TimeProvider clock, ILogger<CatalogChanges> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _keeping = new();
    private readonly HashSet<string> _deferred = new(StringComparer.Ordinal);
    private int _keepers;

    public TimeProvider Clock => clock;

    public static PluginFailure Full(string detail) => new(FailureCode.CatalogFull, detail);

    public Task BeginAsync(CancellationToken cancellation) => _gate.WaitAsync(cancellation);

    public void End() => _gate.Release();

    // Whole milliseconds, as the catalog keeps them: what an upload answers is what a restart reads.
    public DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>From here on no module's file is deleted, until what this returns is disposed.</summary>
    public IDisposable KeepModules()
    {
        lock (_keeping)
            _keepers++;

        return new Keeping(this);
    }

    /// <summary>Deletes a module's file when no version has its bytes any more.</summary>
    public void DeleteUnreferenced(string digest)
    {
        lock (_keeping)
        {
            if (_keepers > 0)
            {
                _deferred.Add(digest);
                return;
            }
        }

        try
        {
            if (!catalog.References(digest))
                files.Delete(digest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start's recovery removes it.
            LogNotDeleted(digest, exception.Message);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task LetGoAsync()
    {
        List<string> deferred;

        lock (_keeping)
        {
            if (--_keepers > 0)
                return;

            deferred = [.. _deferred];
            _deferred.Clear();
        }

        if (deferred.Count == 0)
            return;

        // An upload of the same bytes may be on its way.
        await BeginAsync(CancellationToken.None);

        try
        {
            deferred.ForEach(DeleteUnreferenced);
        }
        finally
        {
            End();
        }
    }

    private sealed class Keeping(CatalogChanges changes) : IDisposable
    {
        public void Dispose() => _ = changes.LetGoAsync();
    }

    [LoggerMessage(LogLevel.Warning, "The module {Digest} cannot be deleted now: {Reason}")]
    private partial void LogNotDeleted(string digest, string reason);
}
