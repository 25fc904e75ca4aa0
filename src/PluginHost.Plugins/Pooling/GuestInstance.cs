using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Loading;
using PluginHost.Wasi;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Pooling;

/// <summary>One instance of a version after <c>_initialize</c>, with all that belongs to it.</summary>
internal sealed class GuestInstance : IDisposable
{
    private readonly WasmFunction?[] _functions;
    private readonly WasiContext _wasi;
    private readonly LoadedModule _module;
    private volatile bool _interruptedForDrain;

    public GuestInstance(long number, WasmInstance instance, WasiContext wasi, GuestOutput output, HostCaller caller, LoadedModule module)
    {
        Number = number;
        Instance = instance;
        Output = output;
        Caller = caller;
        _wasi = wasi;
        _module = module;
        _functions = new WasmFunction?[module.FunctionCount];
    }

    /// <summary>Unique while the server runs.</summary>
    public long Number { get; }

    public WasmInstance Instance { get; }

    public GuestOutput Output { get; }

    /// <summary>What host functions see of the instance.</summary>
    public HostCaller Caller { get; }

    public LoadedModule Module => _module;

    /// <summary>Its place among its pool's lent instances; the pool's.</summary>
    public int LoanIndex { get; set; }

    /// <summary>When it became idle; the pool's.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether a trap of the kind <see cref="TrapKind.Cancelled"/> was the host's doing.</summary>
    public bool InterruptedForDrain => _interruptedForDrain;

    public long MemoryBytes => (long)(Instance.Memory?.ByteLength ?? 0);

    /// <summary>The exported function of an invocation target.</summary>
    public WasmFunction Function(int index) => _functions[index] ??= Find(index);

    /// <summary>Passes on what the guest wrote without ending the line, and says what there was.</summary>
    public GuestOutput CompleteOutput()
    {
        _wasi.CompleteOutput();
        return Output;
    }

    public void InterruptForDrain()
    {
        _interruptedForDrain = true;
        Instance.Interrupt(TrapKind.Cancelled);
    }

    public void Dispose()
    {
        Instance.Dispose();
        _wasi.Dispose();
    }

    private WasmFunction Find(int index) => Instance.TryGetFunction(_module.FunctionName(index), out var function)
        ? function
        : throw new InvalidOperationException($"The instance does not export '{_module.FunctionName(index)}', which its module does.");
}
