using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>The plugins, their versions and what is known of them. Calling them is <see cref="Invoker"/>'s.</summary>
public sealed partial class PluginService
{
    private const int MaximumPageSize = 1_000;

    private readonly PluginRegistry _registry;
    private readonly PluginCatalog _catalog;
    private readonly ModuleFiles _files;
    private readonly GuestInstanceFactory _factory;
    private readonly EngineChoice _engines;
    private readonly HostState _state;
    private readonly ILogger<PluginService> _logger;
    private readonly PluginHostLimits _limits;
    private readonly PluginConfigurationRules _rules;
    private readonly CatalogChanges _changes;
    private readonly ModuleUploads _uploads;

    internal PluginService(
        PluginRegistry registry,
        PluginCatalog catalog,
        ModuleFiles files,
        GuestInstanceFactory factory,
        EngineChoice engines,
        HostModules modules,
        HostState state,
        CatalogChanges changes,
        ModuleUploads uploads,
        IOptions<PluginHostOptions> options,
        ILogger<PluginService> logger)
    {
        _registry = registry;
        _catalog = catalog;
        _files = files;
        _factory = factory;
        _engines = engines;
        _state = state;
        _changes = changes;
        _uploads = uploads;
        _logger = logger;
        _limits = options.Value.Limits;
        _rules = new PluginConfigurationRules(options.Value, modules.Names);
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
    /// <param name="labels">Only plugins that have all of these.</param>
    public Outcome<PluginPage> List(int pageSize, string? pageToken, IReadOnlyList<LabelSelector>? labels = null)
    {
        var after = "";

        if (!string.IsNullOrEmpty(pageToken) && !TryReadToken(pageToken, out after))
            return new PluginFailure(FailureCode.InvalidPageToken, "The page token is not one that this server gave.");

        if (pageSize < 1)
            return new PluginFailure(FailureCode.InvalidPageSize, $"A page has at least one plugin; {pageSize} were asked for.");

        pageSize = Math.Min(pageSize, MaximumPageSize);

        var entries = _registry.After(after, pageSize + 1, labels ?? []);
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

        await _changes.BeginAsync(cancellation);

        try
        {
            var found = _registry.Find(plugin);
            var now = _changes.Now();

            if (Precondition(found.Value, condition, mustNotExist) is { } precondition)
                return precondition;

            configuration = configuration.WithSecretsOf(found.Value?.Plugin.Configuration, out var missing);

            if (missing is not null)
                return PluginConfigurationRules.NoSecret(missing);

            if (!found.Succeeded)
            {
                if (_registry.Count >= _limits.MaximumPlugins)
                    return CatalogChanges.Full($"The catalog holds {_limits.MaximumPlugins} plugins, which is the limit.");

                var created = Plugin.New(plugin, configuration, now);

                _catalog.Insert(created);
                _registry.Add(new PluginEntry(created, [], _limits, _changes.Clock));
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
            _changes.End();
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

        await _changes.BeginAsync(cancellation);

        try
        {
            var found = _registry.Find(plugin);

            if (!found.Succeeded)
                return found.Failure;

            if (Precondition(found.Value, condition, mustNotExist: false) is { } precondition)
                return precondition;

            var entry = found.Value;

            deleted = entry.Plugin.WithoutSecrets();
            AuditDraft.Current?.Revisions(deleted.Revision, null);
            _catalog.Delete(plugin);
            _registry.Remove(plugin);

            // Before they are unloaded: a load that comes too late for that finds its version gone.
            var versions = entry.Versions;
            entry.Replace(entry.Plugin, []);
            drained = Unload(entry, versions.Select(version => version.Ordinal), interrupt: true);
            entry.Log.Close();

            foreach (var version in versions)
                _changes.DeleteUnreferenced(version.Digest);

            LogDeleted(plugin);
        }
        finally
        {
            _changes.End();
        }

        await drained.WaitAsync(cancellation);
        return deleted;
    }

    /// <summary>Makes a version of the bytes: the same bytes again are the same version, and a plugin that is not there yet is created.</summary>
    /// <param name="body">Read to its end or to the limit. What it throws while it is read is passed on, and nothing is left behind.</param>
    public Task<Outcome<UploadResult>> UploadAsync(string plugin, Stream body, UploadOptions options, CancellationToken cancellation) =>
        _uploads.UploadAsync(plugin, body, options, cancellation);

    /// <summary>As <see cref="UploadAsync(string, Stream, UploadOptions, CancellationToken)"/>, with nothing beside the module.</summary>
    public Task<Outcome<UploadResult>> UploadAsync(string plugin, Stream body, CancellationToken cancellation) => UploadAsync(plugin, body, new UploadOptions(), cancellation);

    /// <summary>Says what an upload would say, the start of an instance included, and stores nothing. Fails only where the bytes cannot be taken in.</summary>
    public Task<Outcome<ModuleReport>> ValidateAsync(Stream body, ManifestSource? manifest, CancellationToken cancellation) => _uploads.ValidateAsync(body, manifest, cancellation);

    public Task<Outcome<ModuleReport>> ValidateAsync(Stream body, CancellationToken cancellation) => ValidateAsync(body, null, cancellation);

    /// <summary>A plugin's versions, the newest first.</summary>
    public Outcome<IReadOnlyList<PluginVersion>> Versions(string plugin)
    {
        var found = _registry.Find(plugin);
        return found.Succeeded ? new Outcome<IReadOnlyList<PluginVersion>>([.. found.Value.Versions.Reverse()], null) : found.Failure;
    }

    /// <summary>A page of a plugin's versions, the newest first.</summary>
    /// <param name="pageSize">As in <see cref="List"/>.</param>
    /// <param name="pageToken">As in <see cref="List"/>.</param>
    public Outcome<VersionPage> Versions(string plugin, int pageSize, string? pageToken)
    {
        var found = _registry.Find(plugin);

        if (!found.Succeeded)
            return found.Failure;

        var before = int.MaxValue;

        if (!string.IsNullOrEmpty(pageToken)
            && !(TryReadToken(pageToken, out var last) && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out before)))
        {
            return new PluginFailure(FailureCode.InvalidPageToken, "The page token is not one that this server gave.");
        }

        if (pageSize < 1)
            return new PluginFailure(FailureCode.InvalidPageSize, $"A page has at least one version; {pageSize} were asked for.");

        pageSize = Math.Min(pageSize, MaximumPageSize);

        var page = found.Value.Versions.Reverse().Where(version => version.Ordinal < before).Take(pageSize + 1).ToList();

        if (page.Count <= pageSize)
            return new VersionPage(page, null);

        page.RemoveAt(pageSize);
        return new VersionPage(page, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[^1].Ordinal.ToString(CultureInfo.InvariantCulture))));
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

    /// <summary>The manifest of a version, as it was uploaded.</summary>
    public Outcome<string> Manifest(string plugin, string version)
    {
        var found = Version(plugin, version);

        if (!found.Succeeded)
            return found.Failure;

        return found.Value.ManifestDigest is not null && _catalog.Manifest(plugin, found.Value.Ordinal) is { } text
            ? text
            : new PluginFailure(FailureCode.ManifestNotFound, $"Version {found.Value.Ordinal} of the plugin '{plugin}' was uploaded without a manifest.");
    }

    /// <summary>Removes a version that no alias points at.</summary>
    public Task<Outcome<PluginVersion>> DeleteVersionAsync(string plugin, string version, CancellationToken cancellation) => DeleteVersionAsync(plugin, version, null, cancellation);

    /// <summary>Removes a version that no alias points at.</summary>
    /// <param name="condition">What must hold of the version; null for no condition.</param>
    public async Task<Outcome<PluginVersion>> DeleteVersionAsync(string plugin, string version, Predicate<PluginVersion?>? condition, CancellationToken cancellation)
    {
        PluginVersion deleted;
        Task drained;

        if (_state.Refusal() is { } refusal)
            return refusal;

        await _changes.BeginAsync(cancellation);

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

            if (condition?.Invoke(deleted) == false)
                return new PluginFailure(FailureCode.PreconditionFailed, $"Version {deleted.Ordinal} is not the one that the condition names.");

            var aliases = entry.Plugin.Aliases.Values.Where(alias => alias.PointsAt(deleted.Ordinal)).Select(alias => alias.Name).Order(StringComparer.Ordinal).ToList();

            if (aliases.Count > 0)
                return new PluginFailure(FailureCode.InUse, $"The alias '{aliases[0]}' points at version {deleted.Ordinal}.") { Available = aliases };

            _catalog.DeleteVersion(plugin, deleted.Ordinal);
            entry.Replace(entry.Plugin, entry.Versions.Remove(deleted));
            drained = Unload(entry, [deleted.Ordinal], interrupt: true);
            _changes.DeleteUnreferenced(deleted.Digest);
            LogVersionDeleted(plugin, deleted.Ordinal);
        }
        finally
        {
            _changes.End();
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
            entry.Log.Dropped,
            entry.Guards.Circuit.State);
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
                if (!entry.Plugin.IsLive(version.Ordinal) && version.Pool.IsUnused)
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

    [LoggerMessage(LogLevel.Information, "Version {Version} of plugin {Plugin} was deleted")]
    private partial void LogVersionDeleted(string plugin, int version);
}
