using PluginHost.Wasi;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Benchmarks;

/// <summary>A reactor in this process: an instance after <c>_initialize</c>, without any of the server around it.</summary>
internal sealed class Guest : IDisposable
{
    private static readonly Imports _imports = Offer();
    private readonly WasiContext _wasi;
    private readonly WasmInstance _instance;

    public Guest(ExecutableModule module)
    {
        _wasi = new WasiContext();
        _instance = module.Instantiate(_imports, new InstanceOptions { States = [_wasi] });
        Call("_initialize");
    }

    public static ExecutableModule Prepare(byte[] module) => ExecutionEngines.Default.Prepare(WasmModule.Load(module));

    public WasmFunction Function(string export) => _instance.TryGetFunction(export, out var function)
        ? function
        : throw new InvalidOperationException($"The module does not export '{export}'.");

    public LinearMemory Memory => _instance.Memory!;

    public void Invoke(WasmFunction function, ReadOnlySpan<ulong> arguments, Span<ulong> results, ExecutionBudget budget = default) =>
        _instance.Invoke(function, arguments, results, budget);

    /// <summary>Calls an export and returns its result's bits, 0 where it has none.</summary>
    public ulong Call(string export, params ReadOnlySpan<ulong> arguments)
    {
        var function = Function(export);
        Span<ulong> results = stackalloc ulong[1];

        Invoke(function, arguments, results[..function.Type.Results.Length]);
        return results[0];
    }

    /// <summary>The value of an exported global.</summary>
    public ulong Global(string export) => ((Global)_instance.Export(export)).Value;

    public void Dispose()
    {
        _instance.Dispose();
        _wasi.Dispose();
    }

    private static Imports Offer()
    {
        var imports = new Imports();

        WasiImports.AddTo(imports);
        return imports;
    }
}
