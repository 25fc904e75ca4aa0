using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Memory;
using PluginHost.Plugins.Operations;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>The host's start and end: recovers the catalog before the first request, lets idle instances and memory go, and drains when the server stops.</summary>
internal sealed partial class PluginHostLifetime(
    DataDirectory data,
    PluginCatalog catalog,
    AccessKeys keys,
    AuditLog audit,
    GroupedWrites writes,
    ModuleFiles files,
    PluginRegistry registry,
    PluginService plugins,
    PluginOperations operations,
    InstanceCapacity capacity,
    IdleMemory memory,
    PluginActivity activity,
    HostState state,
    TimeProvider clock,
    IHostApplicationLifetime application,
    IOptions<PluginHostOptions> options,
    ILogger<PluginHostLifetime> logger) : IHostedLifecycleService, IDisposable
{
    private const int SpareThreads = 32;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private ITimer? _sweeper;
    private CancellationTokenRegistration _stopping;

    /// <summary>Recovers the catalog before the server listens.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Guests sleep and compute on the pool's threads. Without this it would add one or two threads a second once all are taken, and every other
        // request would wait for that.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, options.Value.Limits.MaximumConcurrentInvocations + SpareThreads), ports);

        data.Open();
        catalog.Open();
        keys.Open();
        writes.Open();

        var catalogued = catalog.ReadAll();
        var digests = new Dictionary<string, long>(StringComparer.Ordinal);

        foreach (var (plugin, versions) in catalogued)
        {
            registry.Add(new PluginEntry(plugin, [.. versions], options.Value.Limits, clock));

            foreach (var version in versions)
                digests[version.Digest] = version.Size;
        }

        var recovery = files.Recover(digests);

        foreach (var digest in recovery.Missing)
            LogMissing(digest);

        LogRecovered(data.Path, catalogued.Count, digests.Count, recovery.Unfinished, recovery.Orphaned);
        _stopping = application.ApplicationStopping.Register(state.Drain);
        _sweeper = clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        state.Ready();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => operations.ResumeAsync();

    /// <summary>Ends the guests: those that run longer than the drain limit are interrupted, and their callers are told.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Drain();
        _sweeper?.Dispose();
        keys.SaveUses(now: true);
        await Task.WhenAll(operations.StopAsync(), plugins.DrainAsync()).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _sweeper?.Dispose();
    }

    private void Sweep()
    {
        capacity.Sweep();
        plugins.UnloadUnused();
        keys.SaveUses();
        audit.Trim();
        operations.Expire();
        memory.Look();
        activity.Look();
    }

    [LoggerMessage(LogLevel.Information, "Catalog at {Path}: {Plugins} plugins, {Modules} modules; removed {Unfinished} unfinished uploads and {Orphaned} orphaned modules")]
    private partial void LogRecovered(string path, int plugins, int modules, int unfinished, int orphaned);

    [LoggerMessage(LogLevel.Error, "The module {Digest} is catalogued and its file is missing or incomplete; uploading it again restores it")]
    private partial void LogMissing(string digest);
}
