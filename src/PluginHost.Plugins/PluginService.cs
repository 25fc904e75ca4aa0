using System.Buffers.Text;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>The plugins, their versions and what is known of them. Calling them is <see cref="Invoker"/>'s.</summary>
/// <remarks>
/// What changes the catalog happens one at a time, under one gate: a change is a few milliseconds of the disk's, and nothing has to be said about two of
/// them at once. Receiving and inspecting an upload happens before, outside the gate.
/// </remarks>
public sealed partial class PluginService : IDisposable
{
    private const int MaximumPageSize = 1_000;

    private readonly PluginRegistry _registry;
    private readonly PluginCatalog _catalog;
    private readonly ModuleFiles _files;
    private readonly VersionLoader _loader;
    private readonly GuestInstanceFactory _factory;
    private readonly EngineChoice _engines;
    private readonly HostModules _modules;
    private readonly HostState _state;
    private readonly PluginMeter _meter;
    private readonly TimeProvider _clock;
    private readonly ILogger<PluginService> _logger;
    private readonly PluginHostLimits _limits;
    private readonly PluginConfigurationRules _rules;
    private readonly SemaphoreSlim _changes = new(1);
    private readonly SemaphoreSlim _uploads;

    internal PluginService(
        PluginRegistry registry,
        PluginCatalog catalog,
        ModuleFiles files,
        VersionLoader loader,
        GuestInstanceFactory factory,
        EngineChoice engines,
        HostModules modules,
        HostState state,
        PluginMeter meter,
        TimeProvider clock,
        IOptions<PluginHostOptions> options,
        ILogger<PluginService> logger)
    {
        _registry = registry;
        _catalog = catalog;
        _files = files;
        _loader = loader;
        _factory = factory;
        _engines = engines;
        _modules = modules;
        _state = state;
        _meter = meter;
        _clock = clock;
        _logger = logger;
        _limits = options.Value.Limits;
        _rules = new PluginConfigurationRules(options.Value, modules.Names);
        _uploads = new SemaphoreSlim(_limits.MaximumConcurrentUploads);
    }

    /// <summary>What this server is and offers.</summary>
    public HostDescription Describe() => new(
        typeof(PluginService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        RuntimeInformation.FrameworkDescription,
        _limits,
        _engines.Server.Name,
        _engines.Names,
        [.. _factory.Offered.Select(name => $"{name.Module}.{name.Name}").Order(StringComparer.Ordinal)]);

    /// <summary>A page of plugins in the order of their names.</summary>
    /// <param name="pageSize">At least 1; above the largest page there is, a page is that large.</param>
    /// <param name="pageToken">From the page before, or null for the first.</param>
    public Outcome<PluginPage> List(int pageSize, string? pageToken)
    {
        var after = "";

        if (!string.IsNullOrEmpty(pageToken) && !TryReadToken(pageToken, out after))
            return new PluginFailure(FailureCode.InvalidPageToken, "The page token is not one that this server gave.");

        if (pageSize < 1)
            return new PluginFailure(FailureCode.InvalidPageSize, $"A page has at least one plugin; {pageSize} were asked for.");

        pageSize = Math.Min(pageSize, MaximumPageSize);

        var entries = _registry.After(after, pageSize + 1);
        var page = entries.Take(pageSize).Select(entry => entry.Plugin.WithoutSecrets()).ToList();

        return new PluginPage(page, entries.Count > pageSize ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[^1].Name)) : null);
    }

    public Outcome<Plugin> Get(string plugin)
    {
        var found = _registry.Find(plugin);
        return found.Succeeded ? found.Value.Plugin.WithoutSecrets() : found.Failure;
    }

    /// <summary>Creates a plugin or replaces its configuration; instances with the old one end when they are idle.</summary>
    /// <param name="condition">What must hold of the present plugin, which is null where there is none (If-Match, If-None-Match); null for no condition.</param>
    /// <param name="mustNotExist">Whether the plugin must be new (If-None-Match: *).</param>
    public async Task<Outcome<PluginPutResult>> PutAsync(
        string plugin, PluginConfiguration configuration, Predicate<Plugin?>? condition, bool mustNotExist, CancellationToken cancellation)
    {
        if (!PluginName.IsValid(plugin))
            return PluginName.Invalid();

        if ((_state.Refusal() ?? _rules.Check(configuration)) is { } refusal)
            return refusal;

        await _changes.WaitAsync(cancellation);

        try
        {
            var found = _registry.Find(plugin);
            var now = Now();

            if (Precondition(found.Value, condition, mustNotExist) is { } precondition)
                return precondition;

            configuration = configuration.WithSecretsOf(found.Value?.Plugin.Configuration, out var missing);

            if (missing is not null)
                return PluginConfigurationRules.NoSecret(missing);

            if (!found.Succeeded)
            {
                if (_registry.Count >= _limits.MaximumPlugins)
                    return CatalogFull($"The catalog holds {_limits.MaximumPlugins} plugins, which is the limit.");

                var created = NewPlugin(plugin, configuration, now);

                _catalog.Insert(created);
                _registry.Add(new PluginEntry(created, [], _limits));
                LogCreated(plugin);
                return new PluginPutResult(created.WithoutSecrets(), true);
            }

            var entry = found.Value;
            var changed = entry.Plugin with { Configuration = configuration, Revision = entry.Plugin.Revision + 1, UpdatedAt = now };

            _catalog.UpdateConfiguration(changed);
            entry.Replace(changed, entry.Versions);
            _ = Unload(entry, entry.Versions.Select(version => version.Ordinal), interrupt: false);
            LogReconfigured(plugin, changed.Revision);
            return new PluginPutResult(entry.Plugin.WithoutSecrets(), false);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Removes a plugin and all that belongs to it, after its running invocations have ended or been interrupted.</summary>
    /// <param name="condition">As in <see cref="PutAsync"/>.</param>
    public async Task<Outcome<Plugin>> DeleteAsync(string plugin, Predicate<Plugin?>? condition, CancellationToken cancellation)
    {
        Plugin deleted;
        Task drained;

        if (_state.Refusal() is { } refusal)
            return refusal;

        await _changes.WaitAsync(cancellation);

        try
        {
            var found = _registry.Find(plugin);

            if (!found.Succeeded)
                return found.Failure;

            if (Precondition(found.Value, condition, mustNotExist: false) is { } precondition)
                return precondition;

            var entry = found.Value;

            deleted = entry.Plugin.WithoutSecrets();
            _catalog.Delete(plugin);
            _registry.Remove(plugin);

            // Before they are unloaded: a load that comes too late for that finds its version gone.
            var versions = entry.Versions;
            entry.Replace(entry.Plugin, []);
            drained = Unload(entry, versions.Select(version => version.Ordinal), interrupt: true);
            entry.Log.Close();

            foreach (var version in versions)
                DeleteUnreferenced(version.Digest);

            LogDeleted(plugin);
        }
        finally
        {
            _changes.Release();
        }

        await drained.WaitAsync(cancellation);
        return deleted;
    }

    /// <summary>Makes a version of the bytes: the same bytes again are the same version, and a plugin that is not there yet is created.</summary>
    /// <param name="body">Read to its end or to the limit. What it throws while it is read is passed on, and nothing is left behind.</param>
    public async Task<Outcome<UploadResult>> UploadAsync(string plugin, Stream body, CancellationToken cancellation)
    {
        if (!PluginName.IsValid(plugin))
            return PluginName.Invalid();

        if (_state.Refusal() is { } refusal)
            return refusal;

        if (!_uploads.Wait(0, CancellationToken.None))
            return TooManyUploads();

        try
        {
            var outcome = await ReceiveAsync(plugin, body, cancellation);

            _meter.Upload(outcome.Failure);

            if (!outcome.Succeeded)
                LogRefused(plugin, outcome.Failure.Code.Text(), outcome.Failure.Detail);
            else if (outcome.Value.Created)
                LogUploaded(plugin, outcome.Value.Version.Ordinal, outcome.Value.Version.Digest, outcome.Value.Version.Size);

            return outcome;
        }
        finally
        {
            _uploads.Release();
        }
    }

    /// <summary>Says what an upload would say, the start of an instance included, and stores nothing. Fails only where the bytes cannot be taken in.</summary>
    public async Task<Outcome<ModuleReport>> ValidateAsync(Stream body, CancellationToken cancellation)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        if (!_uploads.Wait(0, CancellationToken.None))
            return TooManyUploads();

        try
        {
            using var incoming = await _files.ReceiveAsync(body, _limits.MaximumModuleBytes, cancellation);

            if (incoming is null)
                return TooLarge();

            // A stage of its own, so that the lines of a module that is only being looked at stand in no plugin's log.
            var stage = new PluginEntry(NewPlugin("validate", PluginConfiguration.Default, Now()), [], _limits);
            var candidate = await _loader.ThrottleAsync(() => Inspect(incoming, stage, "{plugin}"), cancellation);

            if (candidate.Instance is { } instance)
                _loader.End(instance);

            return candidate.Problem is { Code: FailureCode.NoCapacity } capacity
                ? capacity
                : new ModuleReport(incoming.Digest, incoming.Size, candidate.Metadata, candidate.Problem);
        }
        finally
        {
            _uploads.Release();
        }
    }

    /// <summary>A plugin's versions, the newest first.</summary>
    public Outcome<IReadOnlyList<PluginVersion>> Versions(string plugin)
    {
        var found = _registry.Find(plugin);
        return found.Succeeded ? new Outcome<IReadOnlyList<PluginVersion>>([.. found.Value.Versions.Reverse()], null) : found.Failure;
    }

    /// <summary>One version.</summary>
    /// <param name="version">Its ordinal, its digest, or an alias; null for <c>live</c>.</param>
    public Outcome<PluginVersion> Version(string plugin, string? version)
    {
        var found = _registry.Find(plugin);
        return found.Succeeded ? found.Value.Find(version) : found.Failure;
    }

    /// <summary>Where the bytes of a version are.</summary>
    public Outcome<ModuleContent> Content(string plugin, string version)
    {
        var found = Version(plugin, version);
        return found.Succeeded
            ? new ModuleContent(_files.PathOf(found.Value.Digest), found.Value.Digest, found.Value.Size, found.Value.UploadedAt)
            : found.Failure;
    }

    /// <summary>Removes a version that no alias points at.</summary>
    public async Task<Outcome<PluginVersion>> DeleteVersionAsync(string plugin, string version, CancellationToken cancellation)
    {
        PluginVersion deleted;
        Task drained;

        if (_state.Refusal() is { } refusal)
            return refusal;

        await _changes.WaitAsync(cancellation);

        try
        {
            var found = _registry.Find(plugin);

            if (!found.Succeeded)
                return found.Failure;

            var entry = found.Value;
            var selected = entry.Find(version);

            if (!selected.Succeeded)
                return selected.Failure;

            deleted = selected.Value;

            var aliases = entry.Plugin.Aliases.Where(alias => alias.Value == deleted.Ordinal).Select(alias => alias.Key).ToList();

            if (aliases.Count > 0)
                return new PluginFailure(FailureCode.InUse, $"The alias '{aliases[0]}' points at version {deleted.Ordinal}.") { Available = aliases };

            _catalog.DeleteVersion(plugin, deleted.Ordinal);
            entry.Replace(entry.Plugin, entry.Versions.Remove(deleted));
            drained = Unload(entry, [deleted.Ordinal], interrupt: true);
            DeleteUnreferenced(deleted.Digest);
            LogVersionDeleted(plugin, deleted.Ordinal);
        }
        finally
        {
            _changes.Release();
        }

        await drained.WaitAsync(cancellation);
        return deleted;
    }

    public Outcome<PluginStatistics> Statistics(string plugin)
    {
        var found = _registry.Find(plugin);

        if (!found.Succeeded)
            return found.Failure;

        var entry = found.Value;
        var counters = entry.Counters;
        var loaded = entry.LoadedVersions.OrderBy(version => version.Ordinal).ToList();

        return new PluginStatistics(
            entry.Name,
            counters.Invocations,
            counters.Succeeded,
            counters.Running,
            counters.Failures,
            counters.Traps,
            counters.Execution.Summarize(),
            counters.Queue.Summarize(),
            [.. loaded.Select(version => version.Pool.Statistics())],
            [.. loaded.Select(version => version.Tiers())],
            entry.Log.Written,
            entry.Log.Dropped);
    }

    /// <summary>The lines of a plugin's log that are still kept, the oldest first.</summary>
    /// <param name="after">Only lines behind this sequence number.</param>
    /// <param name="maximum">The newest lines at most.</param>
    public Outcome<IReadOnlyList<PluginLogLine>> Logs(string plugin, long after = 0, int maximum = int.MaxValue)
    {
        var found = _registry.Find(plugin);
        return found.Succeeded ? new Outcome<IReadOnlyList<PluginLogLine>>(found.Value.Log.Read(after, maximum), null) : found.Failure;
    }

    /// <summary>
    /// Follows a plugin's log: the kept lines behind <paramref name="after"/>, then each new one. A reader that is too slow misses the oldest.
    /// </summary>
    /// <param name="after">0 for all kept lines, <see cref="long.MaxValue"/> for new ones only.</param>
    public Outcome<LogSubscription> FollowLogs(string plugin, long after = long.MaxValue)
    {
        var found = _registry.Find(plugin);

        if (!found.Succeeded)
            return found.Failure;

        return found.Value.Log.Follow(after) is { } subscription
            ? subscription
            : new PluginFailure(FailureCode.NoCapacity, $"{_limits.LogFollowers} readers follow this plugin's log already.") { RetryAfter = TimeSpan.FromSeconds(5) };
    }

    public void Dispose()
    {
        _changes.Dispose();
        _uploads.Dispose();
    }

    /// <summary>Retires every pool and waits until no guest runs, interrupting those that take longer than the limit.</summary>
    internal Task DrainAsync()
    {
        var entries = _registry.All.ToList();

        foreach (var entry in entries)
            entry.Log.Close();

        return Task.WhenAll(entries.Select(entry => Unload(entry, [.. entry.Loaded.Keys], interrupt: true)));
    }

    /// <summary>Forgets loaded versions that are not live and have no instance left.</summary>
    internal void UnloadUnused()
    {
        foreach (var entry in _registry.All)
        {
            foreach (var version in entry.LoadedVersions)
            {
                if (entry.Plugin.Live != version.Ordinal && version.Pool.IsUnused)
                    _ = Unload(entry, [version.Ordinal], interrupt: false);
            }
        }
    }

    private static bool TryReadToken(string token, out string name)
    {
        name = "";

        if (token.Length > 200 || !Base64Url.IsValid(token))
            return false;

        name = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        return PluginName.IsValid(name);
    }

    private static Plugin NewPlugin(string name, PluginConfiguration configuration, DateTimeOffset now) =>
        new(name, configuration, 1, now, now, ImmutableDictionary<string, int>.Empty, 0);

    private static PluginFailure? Precondition(PluginEntry? entry, Predicate<Plugin?>? condition, bool mustNotExist)
    {
        if (mustNotExist && entry is not null)
            return new PluginFailure(FailureCode.PreconditionFailed, $"The plugin '{entry.Name}' exists already.");

        if (condition is null || condition(entry?.Plugin))
            return null;

        return new PluginFailure(
            FailureCode.PreconditionFailed,
            entry is null ? "The plugin does not exist." : $"The plugin '{entry.Name}' is not the one that the request names; its revision is {entry.Plugin.Revision}.");
    }

    private static PluginFailure CatalogFull(string detail) => new(FailureCode.CatalogFull, detail);

    private static PluginFailure TooManyUploads() => new(FailureCode.NoCapacity, "The server takes in as many uploads as it may.") { RetryAfter = TimeSpan.FromSeconds(2) };

    private PluginFailure TooLarge() =>
        new(FailureCode.ModuleTooLarge, $"The module is larger than the limit of {_limits.MaximumModuleBytes} bytes.") { Hint = "Go modules become a little smaller with -ldflags=-s." };

    // Whole milliseconds, as the catalog keeps them: what an upload answers is what a restart reads.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());

    private async Task<Outcome<UploadResult>> ReceiveAsync(string plugin, Stream body, CancellationToken cancellation)
    {
        // 1. Take the bytes in.
        using var incoming = await _files.ReceiveAsync(body, _limits.MaximumModuleBytes, cancellation);

        if (incoming is null)
            return TooLarge();

        // 2. What is there already need not be looked at again.
        var before = _registry.Find(plugin).Value;

        if (before is not null && Existing(before, incoming.Digest) is { } known && _files.IsWhole(incoming.Digest))
            return new UploadResult(known, false);

        // 3. Inspect it and start the first instance, which will answer the first call.
        var stage = before ?? new PluginEntry(NewPlugin(plugin, PluginConfiguration.Default, Now()), [], _limits);
        var flushed = Task.Run(() => ModuleFiles.Flush(incoming), CancellationToken.None);
        ModuleCandidate candidate;

        try
        {
            candidate = await _loader.ThrottleAsync(() => Inspect(incoming, stage, plugin), cancellation);
        }
        finally
        {
            await ((Task)flushed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (candidate.Problem is { } problem)
            return problem;

        try
        {
            await flushed;

            // 4. From here on nothing is cancelled: the caller would not know what became of it.
            await _changes.WaitAsync(CancellationToken.None);

            try
            {
                return Commit(plugin, incoming, stage, isFresh: before is null, candidate);
            }
            finally
            {
                _changes.Release();
            }
        }
        finally
        {
            if (candidate.Instance is { } unused)
                _loader.End(unused);
        }
    }

    private Outcome<UploadResult> Commit(string plugin, IncomingModule incoming, PluginEntry stage, bool isFresh, ModuleCandidate candidate)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        var entry = _registry.Find(plugin).Value;
        var isNew = entry is null;

        if (isNew && _registry.Count >= _limits.MaximumPlugins)
            return CatalogFull($"The catalog holds {_limits.MaximumPlugins} plugins, which is the limit.");

        if (entry is not null && Existing(entry, incoming.Digest) is { } known)
        {
            // Its file may have been lost or damaged; then this upload restores it.
            _files.Publish(incoming);
            return new UploadResult(known, false);
        }

        if (entry?.Versions.Length >= _limits.MaximumVersions)
            return CatalogFull($"The plugin '{plugin}' has {_limits.MaximumVersions} versions, which is the limit. Delete old ones first.");

        // A plugin that was deleted while this upload was inspected begins anew.
        entry ??= isFresh ? stage : new PluginEntry(NewPlugin(plugin, PluginConfiguration.Default, Now()), [], _limits);

        var now = Now();
        var committed = false;
        int ordinal;

        try
        {
            // The file is on the disk before the row that names it.
            _files.Publish(incoming);
            ordinal = _catalog.AddVersion(entry.Plugin, isNew, incoming.Digest, incoming.Size, now, candidate.Metadata!);
            committed = true;
        }
        finally
        {
            if (!committed)
                DeleteUnreferenced(incoming.Digest);
        }

        var version = new PluginVersion(plugin, ordinal, incoming.Digest, incoming.Size, now, candidate.Metadata!);
        var aliases = new Dictionary<string, int>(entry.Plugin.Aliases, StringComparer.Ordinal) { [Plugin.LiveAlias] = ordinal };

        // The instance that was started serves the first call, unless the configuration changed under it.
        var settings = ReferenceEquals(entry, stage) && ReferenceEquals(entry.Plugin.Configuration, candidate.Configuration)
            ? candidate.Settings!
            : _loader.Settings(entry.Plugin.Configuration);

        // Under another engine the next call loads it from its file: that takes too long to have all other changes wait.
        var loaded = settings.Engine == candidate.Module!.Engine ? _loader.Create(entry, ordinal, settings, candidate.Module) : null;

        if (loaded is not null && ReferenceEquals(settings, candidate.Settings))
        {
            candidate.Instance!.Output.Adopt(ordinal);
            loaded.Pool.Seed(candidate.Instance);
            candidate.Instance = null;
        }

        var predecessor = entry.Live;

        if (loaded is not null)
            entry.Loaded[ordinal] = new Lazy<Task<Outcome<LoadedVersion>>>(Task.FromResult<Outcome<LoadedVersion>>(loaded));

        entry.Replace(entry.Plugin with { Aliases = aliases }, entry.Versions.Add(version));
        entry.Live = loaded;
        predecessor?.Pool.KeepNone();

        if (isNew)
            _registry.Add(entry);

        return new UploadResult(version, true);
    }

    private static PluginVersion? Existing(PluginEntry entry, string digest) =>
        entry.Versions.FirstOrDefault(version => string.Equals(version.Digest, digest, StringComparison.Ordinal));

    private ModuleCandidate Inspect(IncomingModule incoming, PluginEntry stage, string plugin)
    {
        var inspected = ModuleInspector.Inspect(File.ReadAllBytes(incoming.Path), _loader.ModuleLimits);

        if (!inspected.Succeeded)
            return new ModuleCandidate { Problem = inspected.Failure };

        var configuration = stage.Plugin.Configuration;

        if (_modules.Missing(inspected.Value.Module, plugin, configuration) is { } missing)
            return new ModuleCandidate { Problem = missing, Metadata = inspected.Value.Metadata };

        var settings = _loader.Settings(configuration);
        var module = _loader.Prepare(inspected.Value.Module, settings);
        var started = _loader.Start(stage, 0, settings, module);
        var problem = started.Failure is { Code: FailureCode.UnsupportedImport, UnresolvedImports: { } unresolved }
            ? ModuleInspector.Unlinkable(inspected.Value.Module, unresolved, _modules.Names)
            : started.Failure;

        return new ModuleCandidate
        {
            Problem = problem,
            Metadata = inspected.Value.Metadata,
            Configuration = configuration,
            Settings = settings,
            Module = module,
            Instance = started.Value,
        };
    }

    private void DeleteUnreferenced(string digest)
    {
        try
        {
            if (!_catalog.References(digest))
                _files.Delete(digest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start's recovery removes it.
            LogNotDeleted(digest, exception.Message);
        }
    }

    /// <summary>Takes loaded versions out of use.</summary>
    /// <param name="interrupt">Whether guests that run longer than the drain limit are interrupted. Otherwise they end by their own deadline.</param>
    private Task Unload(PluginEntry entry, IEnumerable<int> ordinals, bool interrupt)
    {
        var drains = new List<Task>();

        foreach (var ordinal in ordinals.ToList())
        {
            if (!entry.Loaded.TryRemove(ordinal, out var loading))
                continue;

            if (entry.Live is { } live && live.Ordinal == ordinal)
                entry.Live = null;

            drains.Add(RetireAsync(loading, interrupt ? TimeSpan.FromMilliseconds(_limits.DrainMilliseconds) : TimeSpan.FromMilliseconds(_limits.DeadlineMilliseconds)));
        }

        return Task.WhenAll(drains);
    }

    private static async Task RetireAsync(Lazy<Task<Outcome<LoadedVersion>>> loading, TimeSpan limit)
    {
        var outcome = await loading.Value;

        if (!outcome.Succeeded)
            return;

        outcome.Value.Pool.Retire();
        await outcome.Value.Pool.DrainAsync(limit);
    }

    [LoggerMessage(LogLevel.Information, "Plugin {Plugin} was created")]
    private partial void LogCreated(string plugin);

    [LoggerMessage(LogLevel.Information, "Plugin {Plugin} has a new configuration, revision {Revision}")]
    private partial void LogReconfigured(string plugin, long revision);

    [LoggerMessage(LogLevel.Information, "Plugin {Plugin} was deleted")]
    private partial void LogDeleted(string plugin);

    [LoggerMessage(LogLevel.Information, "Plugin {Plugin} has version {Version}: {Digest}, {Size} bytes")]
    private partial void LogUploaded(string plugin, int version, string digest, long size);

    [LoggerMessage(LogLevel.Information, "An upload to plugin {Plugin} was refused with {Code}: {Detail}")]
    private partial void LogRefused(string plugin, string code, string detail);

    [LoggerMessage(LogLevel.Information, "Version {Version} of plugin {Plugin} was deleted")]
    private partial void LogVersionDeleted(string plugin, int version);

    [LoggerMessage(LogLevel.Warning, "The module {Digest} cannot be deleted now: {Reason}")]
    private partial void LogNotDeleted(string digest, string reason);
}
