using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Support;

/// <summary>A running instance of a reactor that Go's own toolchain made, on one of the <see cref="Tiers"/>.</summary>
internal sealed class Reactor : IDisposable
{
    private readonly Lines _lines = new();
    private readonly WasiContext _context;
    private readonly WasmInstance _instance;

    /// <param name="name">A sample's, or that of a guest that only tests have.</param>
    public Reactor(string engine, string name, InstanceOptions? options = null)
        : this(Prepare(engine, name), new Imports(), options)
    {
    }

    /// <param name="imports">What the module imports beside WASI.</param>
    public Reactor(ExecutableModule module, Imports imports, InstanceOptions? options = null)
    {
        WasiImports.AddTo(imports);
        _context = new WasiContext(new WasiOptions { Output = _lines });
        _instance = module.Instantiate(imports, (options ?? new InstanceOptions()) with { States = [_context] });
        Call("_initialize", []);
    }

    /// <summary>What the guest wrote, by line.</summary>
    public IEnumerable<string> Output => _lines.Read;

    public WasmInstance Instance => _instance;

    // What exchanges tiers at random starts afresh.
    public static ExecutableModule Prepare(string engine, string name) => engine.StartsWith("switching", StringComparison.Ordinal)
        ? Tiers.Named(engine).Prepare(WasmModule.Load(Bytes(name)))
        : PreparedModules.Get(engine, name, () => WasmModule.Load(Bytes(name)));

    public static byte[] Bytes(string name) => File.Exists(Repository.SamplePath(name)) ? Repository.Sample(name) : Repository.Guest(name);

    /// <summary>Calls an export that ends, one way or the other; if it does not, the test fails and does not hang.</summary>
    public ulong[] Call(string export, ReadOnlySpan<ulong> arguments)
    {
        Assert.True(_instance.TryGetFunction(export, out var function));
        var results = new ulong[function.Type.Results.Length];
        _instance.Invoke(function, arguments, results, new ExecutionBudget(TimeSpan.FromMinutes(5)));
        return results;
    }

    public void Dispose()
    {
        _instance.Dispose();
        _context.Dispose();
    }
}
