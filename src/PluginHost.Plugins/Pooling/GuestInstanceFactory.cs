using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Telemetry;
using PluginHost.Wasi;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Pooling;

/// <summary>Makes instances, with the WASI that a plugin's configuration grants.</summary>
internal sealed class GuestInstanceFactory
{
    private readonly TimeProvider _clock;
    private readonly Imports _imports = new();
    private long _instances;

    public GuestInstanceFactory(TimeProvider clock)
    {
        _clock = clock;
        WasiImports.AddTo(_imports);
    }

    /// <summary>What modules may import.</summary>
    public IEnumerable<(string Module, string Name)> Offered => _imports.Names;

    /// <summary>Makes an instance; its <c>_initialize</c> is still to be called.</summary>
    public GuestInstance Create(PluginLog log, int version, PluginSettings settings, LoadedModule module)
    {
        var number = Interlocked.Increment(ref _instances);
        var output = new GuestOutput(log, version, number, _clock);
        var wasi = new WasiContext();

        try
        {
            var instance = module.Executable.Instantiate(_imports, new InstanceOptions
            {
                MaximumMemoryPages = settings.MemoryPages,
                MaximumCallDepth = settings.CallDepth,
                States = [wasi],
            });

            return new GuestInstance(number, instance, wasi, output, module);
        }
        catch
        {
            wasi.Dispose();
            throw;
        }
    }
}
