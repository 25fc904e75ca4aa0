using PluginHost.Plugins.HostFunctions.Http;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins;

/// <summary>What applies to a plugin: its configuration over the server's defaults, in the units of those who use it.</summary>
internal sealed class PluginSettings
{
    private const int PageBytes = 65_536;

    public PluginSettings(PluginConfiguration configuration, PluginHostLimits limits, EngineChoice engines)
    {
        var memoryBytes = configuration.Limits.MemoryBytes ?? limits.MemoryBytes;

        MemoryPages = (uint)Math.Clamp(memoryBytes / PageBytes, 1, 65_536);
        Deadline = TimeSpan.FromMilliseconds(configuration.Limits.DeadlineMilliseconds ?? limits.DeadlineMilliseconds);
        StartDeadline = TimeSpan.FromMilliseconds(limits.StartDeadlineMilliseconds);
        CallDepth = configuration.Limits.CallDepth ?? limits.CallDepth;
        Fuel = configuration.Limits.Fuel ?? limits.Fuel;
        OutputBytes = configuration.Limits.OutputBytes ?? limits.OutputBytes;
        OutputLineBytes = limits.OutputLineBytes;
        MaximumInstances = configuration.Pool.Maximum ?? Math.Max(limits.MaximumInstances, configuration.Pool.Minimum ?? 0);
        MinimumInstances = configuration.Pool.Minimum ?? Math.Min(limits.MinimumInstances, MaximumInstances);
        QueueLength = configuration.Pool.QueueLength ?? limits.QueueLength;
        QueueTimeout = TimeSpan.FromMilliseconds(configuration.Pool.QueueTimeoutMilliseconds ?? limits.QueueTimeoutMilliseconds);
        Idle = TimeSpan.FromSeconds(configuration.Pool.IdleSeconds ?? limits.IdleSeconds);
        Directories = configuration.Directories;
        Grants = configuration.Grants;
        Http = configuration.Grants.Http is { } http ? new HttpPolicy(http, limits) : null;
        Config = configuration.Config;
        Secrets = configuration.Secrets;
        Engine = engines.Of(configuration.Engine);

        var environment = new Dictionary<string, string>(configuration.Environment, StringComparer.Ordinal);

        // Go never gives memory back and does not know its limit; with one it collects instead of dying at the last page.
        environment.TryAdd("GOMEMLIMIT", FormattableString.Invariant($"{Math.Max(1, (long)MemoryPages * PageBytes * 9 / 10 / PluginHostLimits.MebiByte)}MiB"));
        Environment = environment;
    }

    public IExecutionEngine Engine { get; }

    public uint MemoryPages { get; }

    public TimeSpan Deadline { get; }

    public TimeSpan StartDeadline { get; }

    public int CallDepth { get; }

    public long? Fuel { get; }

    public int OutputBytes { get; }

    public int OutputLineBytes { get; }

    public int MinimumInstances { get; }

    public int MaximumInstances { get; }

    public int QueueLength { get; }

    public TimeSpan QueueTimeout { get; }

    public TimeSpan Idle { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public IReadOnlyList<DirectoryGrant> Directories { get; }

    public PluginGrants Grants { get; }

    /// <summary>Where to requests may be sent; null where none may.</summary>
    public HttpPolicy? Http { get; }

    public IReadOnlyDictionary<string, string> Config { get; }

    public IReadOnlyDictionary<string, string?> Secrets { get; }
}
