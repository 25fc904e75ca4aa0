using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Signatures;
using PluginHost.Plugins.Telemetry;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Validation;

namespace PluginHost.Plugins.Loading;

/// <summary>Takes modules in: receives, inspects and starts them, and makes versions of them.</summary>
internal sealed partial class ModuleUploads : IDisposable
{
    private readonly PluginRegistry _registry;
    private readonly PluginCatalog _catalog;
    private readonly CatalogChanges _changes;
    private readonly ModuleFiles _files;
    private readonly DiskSpace _space;
    private readonly VersionLoader _loader;
    private readonly HostModules _modules;
    private readonly SignaturePolicy _signatures;
    private readonly HostState _state;
    private readonly PluginMeter _meter;
    private readonly ILogger<ModuleUploads> _logger;
    private readonly PluginHostLimits _limits;
    private readonly SemaphoreSlim _uploads;

    public ModuleUploads(
        PluginRegistry registry,
        PluginCatalog catalog,
        CatalogChanges changes,
        ModuleFiles files,
        DiskSpace space,
        VersionLoader loader,
        HostModules modules,
        SignaturePolicy signatures,
        HostState state,
        PluginMeter meter,
        IOptions<PluginHostOptions> options,
        ILogger<ModuleUploads> logger)
    {
        _registry = registry;
        _catalog = catalog;
        _changes = changes;
        _files = files;
        _space = space;
        _loader = loader;
        _modules = modules;
        _signatures = signatures;
        _state = state;
        _meter = meter;
        _logger = logger;
        _limits = options.Value.Limits;
        _uploads = new SemaphoreSlim(_limits.MaximumConcurrentUploads);
    }

    /// <summary>Makes a version of the bytes: the same bytes again are the same version, and a plugin that is not there yet is created.</summary>
    /// <param name="body">Read to its end or to the limit. What it throws while it is read is passed on, and nothing is left behind.</param>
    public async Task<Outcome<UploadResult>> UploadAsync(string plugin, Stream body, UploadOptions options, CancellationToken cancellation)
    {
        if (!PluginName.IsValid(plugin))
            return PluginName.Invalid();

        if (_state.Refusal() is { } refusal)
            return refusal;

        if (!_uploads.Wait(0, CancellationToken.None))
            return TooManyUploads();

        try
        {
            var outcome = await ReceiveAsync(plugin, body, options, cancellation);

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
    public async Task<Outcome<ModuleReport>> ValidateAsync(Stream body, ManifestSource? manifest, CancellationToken cancellation)
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

            var declared = await ReadAsync(manifest, cancellation);

            // A stage of its own, so that the lines of a module that is only being looked at stand in no plugin's log.
            var stage = new PluginEntry(Plugin.New("validate", PluginConfiguration.Default, _changes.Now()), [], _limits, _changes.Clock);
            var candidate = await _loader.ThrottleAsync(() => Inspect(incoming, stage, "{plugin}", declared.Value), cancellation);

            if (candidate.Instance is { } instance)
                _loader.End(instance);

            return candidate.Problem is { Code: FailureCode.NoCapacity } capacity
                ? capacity
                : new ModuleReport(incoming.Digest, incoming.Size, candidate.Metadata, candidate.Problem ?? declared.Failure);
        }
        finally
        {
            _uploads.Release();
        }
    }

    public void Dispose() => _uploads.Dispose();

    private static PluginFailure TooManyUploads() => new(FailureCode.NoCapacity, "The server takes in as many uploads as it may.") { RetryAfter = TimeSpan.FromSeconds(2) };

    private PluginFailure TooLarge() =>
        new(FailureCode.ModuleTooLarge, $"The module is larger than the limit of {_limits.MaximumModuleBytes} bytes.") { Hint = "Go modules become a little smaller with -ldflags=-s." };

    private async Task<Outcome<UploadResult>> ReceiveAsync(string plugin, Stream body, UploadOptions options, CancellationToken cancellation)
    {
        // 1. Take the bytes in, where there is room for any.
        if (_space.Refusal(0) is { } full)
            return full;

        using var incoming = await _files.ReceiveAsync(body, _limits.MaximumModuleBytes, cancellation);

        if (incoming is null)
            return TooLarge();

        var declared = await ReadAsync(options.Manifest, cancellation);

        if (declared.Failure is { } unreadable)
            return unreadable;

        var manifest = declared.Value;

        if (options.Digest is { } expected && !string.Equals(expected, incoming.Digest, StringComparison.OrdinalIgnoreCase))
            return new PluginFailure(FailureCode.DigestMismatch, $"The upload's bytes have the digest {incoming.Digest}, and {expected} was announced.");

        var signed = _signatures.Check(incoming.Digest, incoming.Path, options.Signature is { } source ? await source(cancellation) : null);

        if (signed.Failure is { } untrusted)
            return untrusted;

        // 2. What is there already need not be looked at again.
        var before = _registry.Find(plugin).Value;

        if (before is not null && Existing(before, incoming.Digest, manifest) is { } known && _files.IsWhole(incoming.Digest))
            return new UploadResult(known, false);

        // 3. Inspect it and start the first instance, which will answer the first call.
        var stage = before ?? new PluginEntry(Plugin.New(plugin, PluginConfiguration.Default, _changes.Now()), [], _limits, _changes.Clock);
        var flushed = Task.Run(() => ModuleFiles.Flush(incoming), CancellationToken.None);
        ModuleCandidate candidate;

        try
        {
            candidate = await _loader.ThrottleAsync(() => Inspect(incoming, stage, plugin, manifest), cancellation);
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
            await _changes.BeginAsync(CancellationToken.None);

            try
            {
                return Commit(plugin, incoming, manifest, signed.Value, options.Activate, stage, isFresh: before is null, candidate);
            }
            finally
            {
                _changes.End();
            }
        }
        finally
        {
            if (candidate.Instance is { } unused)
                _loader.End(unused);
        }
    }

    private Outcome<UploadResult> Commit(string plugin, IncomingModule incoming, StoredManifest? manifest, ModuleSignature? signature, bool? activate, PluginEntry stage, bool isFresh, ModuleCandidate candidate)
    {
        if (_state.Refusal() is { } refusal)
            return refusal;

        var entry = _registry.Find(plugin).Value;
        var isNew = entry is null;

        if (isNew && _registry.Count >= _limits.MaximumPlugins)
            return CatalogChanges.Full($"The catalog holds {_limits.MaximumPlugins} plugins, which is the limit.");

        if (entry is not null && Existing(entry, incoming.Digest, manifest) is { } known)
        {
            // Its file may have been lost or damaged; then this upload restores it.
            _files.Publish(incoming);
            return new UploadResult(known, false);
        }

        if (_space.Refusal(incoming.Size) is { } full)
            return full;

        if (entry?.Versions.Length >= _limits.MaximumVersions)
            return CatalogChanges.Full($"The plugin '{plugin}' has {_limits.MaximumVersions} versions, which is the limit. Delete old ones first.");

        // A plugin that was deleted while this upload was inspected begins anew.
        entry ??= isFresh ? stage : new PluginEntry(Plugin.New(plugin, PluginConfiguration.Default, _changes.Now()), [], _limits, _changes.Clock);

        var now = _changes.Now();
        var activates = activate ?? entry.Plugin.Aliases.GetValueOrDefault(Plugin.LiveAlias) is null or { Targets.Count: 1 };
        var committed = false;
        (int Ordinal, Alias? Live) added;

        try
        {
            // The file is on the disk before the row that names it.
            _files.Publish(incoming);
            added = _catalog.AddVersion(entry.Plugin, isNew, incoming.Digest, incoming.Size, now, candidate.Metadata!, manifest, activates, signature);
            committed = true;
        }
        finally
        {
            if (!committed)
                _changes.DeleteUnreferenced(incoming.Digest);
        }

        var ordinal = added.Ordinal;
        var version = new PluginVersion(plugin, ordinal, incoming.Digest, incoming.Size, now, candidate.Metadata!, manifest?.Digest) { Signature = signature };

        // The instance that was started serves the first call, unless the configuration changed under it.
        var settings = ReferenceEquals(entry, stage) && ReferenceEquals(entry.Plugin.Configuration, candidate.Configuration)
            ? candidate.Settings!
            : _loader.Settings(entry.Plugin.Configuration);

        // Under another engine the next call loads it from its file: that takes too long to have all other changes wait.
        var loaded = settings.Engine == candidate.Module!.Engine ? _loader.Create(entry, ordinal, settings, candidate.Module, candidate.Metadata!) : null;

        if (loaded is not null && ReferenceEquals(settings, candidate.Settings))
        {
            candidate.Instance!.Output.Adopt(ordinal);
            loaded.Pool.Seed(candidate.Instance);
            candidate.Instance = null;
        }

        if (loaded is not null)
            entry.Loaded[ordinal] = new Lazy<Task<Outcome<LoadedVersion>>>(Task.FromResult<Outcome<LoadedVersion>>(loaded));

        entry.Replace(entry.Plugin, entry.Versions.Add(version));

        if (added.Live is { } moved)
            PluginAliases.Apply(entry, moved);
        else
            loaded?.Pool.Keep(isLive: false);

        if (isNew)
            _registry.Add(entry);

        return new UploadResult(version, true);
    }

    private static PluginVersion? Existing(PluginEntry entry, string digest, StoredManifest? manifest) => entry.Versions.FirstOrDefault(version =>
        string.Equals(version.Digest, digest, StringComparison.Ordinal) && string.Equals(version.ManifestDigest, manifest?.Digest, StringComparison.Ordinal));

    private static async ValueTask<(StoredManifest? Value, PluginFailure? Failure)> ReadAsync(ManifestSource? source, CancellationToken cancellation)
    {
        if (source is null || await source(cancellation) is not { } utf8)
            return default;

        var read = StoredManifest.Read(utf8);
        return (read.Value, read.Failure);
    }

    private ModuleCandidate Inspect(IncomingModule incoming, PluginEntry stage, string plugin, StoredManifest? manifest)
    {
        var inspected = ModuleInspector.Inspect(File.ReadAllBytes(incoming.Path), _loader.ModuleLimits);

        if (!inspected.Succeeded)
            return new ModuleCandidate { Problem = inspected.Failure };

        // Its functions are validated while it is started, and what an instance calls meanwhile is validated before it runs. Where something is not valid, that is what is said.
        var validation = Task.Run(() => ModuleInspector.InvalidBodies(inspected.Value.Module));
        ModuleCandidate? candidate = null;

        try
        {
            candidate = Start(inspected.Value, stage, plugin, manifest);
        }
        catch (Exception exception) when (exception is MalformedModuleException or InvalidModuleException)
        {
            // An engine that compiles a module as a whole has come upon it first.
        }

        if (validation.GetAwaiter().GetResult() is not { } invalid)
            return candidate ?? throw new UnreachableException();

        if (candidate?.Instance is { } instance)
            _loader.End(instance);

        return new ModuleCandidate { Problem = invalid };
    }

    private ModuleCandidate Start(InspectedModule inspected, PluginEntry stage, string plugin, StoredManifest? manifest)
    {
        var configuration = stage.Plugin.Configuration;

        if (_modules.Missing(inspected.Module, plugin, configuration) is { } missing)
            return new ModuleCandidate { Problem = missing, Metadata = inspected.Metadata };

        var settings = _loader.Settings(configuration);
        var module = _loader.Prepare(inspected.Module, settings);
        var started = _loader.Start(stage, 0, settings, module);
        var problem = started.Failure is { Code: FailureCode.UnsupportedImport, UnresolvedImports: { } unresolved }
            ? ModuleInspector.Unlinkable(inspected.Module, unresolved, _modules.Names)
            : started.Failure;
        var metadata = inspected.Metadata;

        if (started.Value is { } instance)
        {
            var described = _loader.Describe(instance, settings, metadata, manifest?.Content);

            metadata = described.Value ?? metadata;
            problem = described.Failure;

            if (problem is not null)
                _loader.End(instance);
        }

        return new ModuleCandidate
        {
            Problem = problem,
            Metadata = metadata,
            Configuration = configuration,
            Settings = settings,
            Module = module,
            Instance = problem is null ? started.Value : null,
        };
    }

    [LoggerMessage(LogLevel.Information, "Plugin {Plugin} has version {Version}: {Digest}, {Size} bytes")]
    private partial void LogUploaded(string plugin, int version, string digest, long size);

    [LoggerMessage(LogLevel.Information, "An upload to plugin {Plugin} was refused with {Code}: {Detail}")]
    private partial void LogRefused(string plugin, string code, string detail);
}
