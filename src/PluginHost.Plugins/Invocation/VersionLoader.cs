using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Pooling;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Plugins.Invocation;

/// <summary>Makes versions callable: when they are uploaded, when their configuration changes, and when the first call after a restart asks for them.</summary>
internal sealed partial class VersionLoader(
    ModuleFiles files,
    EngineChoice engines,
    GuestRunner runner,
    InstanceCapacity capacity,
    TimeProvider clock,
    IOptions<PluginHostOptions> options,
    ILogger<VersionLoader> logger) : IDisposable
{
    private readonly PluginHostLimits _limits = options.Value.Limits;
    private readonly CompilationLimits _compilationLimits = new() { IlBytes = options.Value.Limits.CompiledBytes };
    private readonly SemaphoreSlim _starts = new(options.Value.Limits.MaximumConcurrentStarts);
    private readonly SemaphoreSlim _loads = new(Math.Max(2, Environment.ProcessorCount));

    public ModuleLimits ModuleLimits { get; } = ModuleLimits.Default with { ModuleBytes = (int)Math.Min(int.MaxValue, options.Value.Limits.MaximumModuleBytes) };

    public PluginSettings Settings(PluginConfiguration configuration) => new(configuration, _limits, engines);

    public LoadedModule Prepare(WasmModule module, PluginSettings settings) => new(settings.Engine, settings.Engine.Prepare(module, _compilationLimits));

    /// <summary>Runs work that takes a processor's time and a module's memory, as many at one time as there are processors.</summary>
    public async Task<T> ThrottleAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _loads.WaitAsync(cancellation);

        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            _loads.Release();
        }
    }

    /// <summary>Starts an instance outside a pool: to see whether a module can start.</summary>
    public Outcome<GuestInstance> Start(PluginEntry plugin, int ordinal, PluginSettings settings, LoadedModule module)
    {
        if (!capacity.TryAcquire())
            return new PluginFailure(FailureCode.NoCapacity, "The server has as many instances as it may.") { RetryAfter = TimeSpan.FromSeconds(1) };

        var outcome = runner.Start(plugin, ordinal, settings, module);

        if (!outcome.Succeeded)
            capacity.Release();

        return outcome;
    }

    /// <summary>Ends an instance that <see cref="Start"/> made and no pool took.</summary>
    public void End(GuestInstance instance)
    {
        instance.Dispose();
        capacity.Release();
    }

    /// <summary>What the module, the started instance and the manifest say of its functions together.</summary>
    public Outcome<ModuleMetadata> Describe(GuestInstance instance, PluginSettings settings, ModuleMetadata metadata, PluginManifest? manifest)
    {
        var handlers = runner.Handlers(instance, settings, metadata.Exports);

        if (!handlers.Succeeded)
            return handlers.Failure;

        IReadOnlyList<ExportDescription> functions = [.. metadata.Exports, .. handlers.Value];

        if (manifest is not null)
        {
            var described = ManifestCheck.Describe(manifest, functions);

            if (!described.Succeeded)
                return described.Failure;

            functions = described.Value;
        }

        return metadata with { Exports = functions, Doc = string.IsNullOrEmpty(manifest?.Doc) ? null : manifest.Doc };
    }

    public LoadedVersion Create(PluginEntry plugin, int ordinal, PluginSettings settings, LoadedModule module, ModuleMetadata metadata)
    {
        var pool = new InstancePool(ordinal, settings, () => runner.Start(plugin, ordinal, settings, module), capacity, _starts, clock);

        capacity.Add(pool);
        return new LoadedVersion(plugin, ordinal, settings, module, metadata, pool);
    }

    /// <summary>A version that is loaded, or is being loaded by whoever asked first.</summary>
    public async ValueTask<Outcome<LoadedVersion>> LoadAsync(PluginEntry plugin, PluginVersion version, CancellationToken cancellation)
    {
        var loading = plugin.Loaded.GetOrAdd(
            version.Ordinal,
            static (_, work) => new Lazy<Task<Outcome<LoadedVersion>>>(() => work.loader.ReadAsync(work.plugin, work.version)),
            (loader: this, plugin, version));

        // The load goes on when the caller that began it gives up: others wait for it.
        await ((Task)loading.Value).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();

        if (loading.Value.IsFaulted)
            plugin.Loaded.TryRemove(KeyValuePair.Create(version.Ordinal, loading));

        // A deletion ends what it finds loaded. What was added behind its back is ended here.
        if (!plugin.Has(version.Ordinal))
        {
            if (plugin.Loaded.TryRemove(KeyValuePair.Create(version.Ordinal, loading)) && loading.Value is { IsFaulted: false } completed && (await completed).Value is { } late)
            {
                late.Pool.Retire();
                await late.Pool.DrainAsync(TimeSpan.Zero);
            }

            return new PluginFailure(FailureCode.VersionNotFound, $"The version {version.Ordinal} of the plugin '{plugin.Name}' was deleted at this moment.");
        }

        var outcome = await loading.Value;

        if (!outcome.Succeeded)
            plugin.Loaded.TryRemove(KeyValuePair.Create(version.Ordinal, loading));
        else if (plugin.Plugin.OnlyLive == version.Ordinal && plugin.Loaded.TryGetValue(version.Ordinal, out var current) && ReferenceEquals(current, loading))
            plugin.Live = outcome.Value;

        return outcome;
    }

    public void Dispose()
    {
        _starts.Dispose();
        _loads.Dispose();
    }

    private async Task<Outcome<LoadedVersion>> ReadAsync(PluginEntry plugin, PluginVersion version)
    {
        try
        {
            // Read once: a configuration that replaces this one unloads the version again.
            var settings = Settings(plugin.Plugin.Configuration);

            // The digest vouches that these are the bytes that were validated when they were uploaded.
            var module = await ThrottleAsync(() => Prepare(WasmModule.Load(files.Read(version.Digest), validateBodies: false), settings), CancellationToken.None);
            var loaded = Create(plugin, version.Ordinal, settings, module, version.Metadata);

            loaded.Pool.Keep(plugin.Plugin.IsLive(version.Ordinal));

            return loaded;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or MalformedModuleException or InvalidModuleException)
        {
            LogUnreadable(version.Plugin, version.Ordinal, exception.Message);
            return new PluginFailure(FailureCode.InternalError, $"The bytes of version {version.Ordinal} cannot be read from the data directory. Uploading the same module again restores them.");
        }
    }

    [LoggerMessage(LogLevel.Error, "{Plugin}/{Version} cannot be loaded: {Reason}")]
    private partial void LogUnreadable(string plugin, int version, string reason);
}
