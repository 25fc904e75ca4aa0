using Microsoft.Extensions.Options;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Loading;
using PluginHost.Wasi;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Pooling;

/// <summary>Makes instances, with the WASI that a plugin's configuration grants.</summary>
internal sealed class GuestInstanceFactory
{
    /// <summary>Tables stand beside the memory: a thousand times what Go's linker makes, and never more bytes than the memory may have.</summary>
    private const long MaximumTableElements = 10_000_000;

    private readonly TimeProvider _clock;
    private readonly GuestFileRoots _roots;
    private readonly Imports _imports = new();
    private long _instances;

    public GuestInstanceFactory(HostModules modules, TimeProvider clock, IOptions<PluginHostOptions> options)
    {
        _roots = new GuestFileRoots(options.Value.GuestFileRoots);
        _clock = clock;
        WasiImports.AddTo(_imports);
        modules.AddTo(_imports);
    }

    /// <summary>What modules may import.</summary>
    public IEnumerable<(string Module, string Name)> Offered => _imports.Names;

    /// <summary>Makes an instance; its <c>_initialize</c> is still to be called. A start function, which Go's modules have none of, runs here.</summary>
    public GuestInstance Create(PluginEntry plugin, int version, PluginSettings settings, LoadedModule module)
    {
        var number = Interlocked.Increment(ref _instances);
        var output = new GuestOutput(plugin.Log, version, number, _clock);
        var caller = new HostCaller(plugin, number, settings, output, _clock);
        var wasi = Context(output, settings);

        try
        {
            var instance = module.Executable.Instantiate(
                _imports,
                new InstanceOptions
                {
                    MaximumMemoryPages = settings.MemoryPages,
                    MaximumTableElements = (uint)Math.Min(MaximumTableElements, (long)settings.MemoryPages * LinearMemory.PageSize / sizeof(ulong)),
                    MaximumCallDepth = settings.CallDepth,
                    States = [wasi, caller],
                },
                new ExecutionBudget(settings.StartDeadline, settings.Fuel));

            return new GuestInstance(number, instance, wasi, output, caller, module);
        }
        catch
        {
            wasi.Dispose();
            throw;
        }
    }

    private WasiContext Context(GuestOutput output, PluginSettings settings)
    {
        var preopens = new List<Preopen>();

        // The host's own files may have changed since the configuration was accepted, and may change again before they are opened: another guest may write there.
        foreach (var grant in settings.Directories)
        {
            if (_roots.Refusal(grant.Host, out var path, out var within) is { } refusal)
                throw new InstantiationException($"The directory granted as '{grant.Guest}' {refusal}");

            preopens.Add(new Preopen(path, grant.Guest, grant.ReadOnly) { Within = within });
        }

        try
        {
            return new WasiContext(new WasiOptions
            {
                Environment = settings.Environment,
                Preopens = preopens,
                Output = output,
                MaximumLineBytes = settings.OutputLineBytes,
                MaximumOutputBytes = settings.OutputBytes,
                TimeProvider = _clock,
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            throw new InstantiationException($"A granted directory cannot be opened: {exception.Message}");
        }
    }
}
