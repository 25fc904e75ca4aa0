using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests;

/// <summary>A real Go reactor on WASI: streams, exits, sleeping.</summary>
public sealed class GoGuestTests : IDisposable
{
    private readonly Lines _lines = new();
    private WasiContext _context = null!;
    private WasmInstance _instance = null!;

    private void Start(string engine)
    {
        var imports = new Imports();
        WasiImports.AddTo(imports);
        _context = new WasiContext(new WasiOptions { Output = _lines, MaximumOutputBytes = 64 * 1024 });
        _instance = PreparedModules.Get(engine, "faults", () => WasmModule.Load(Repository.Sample("faults"))).Instantiate(imports, new InstanceOptions { States = [_context], MaximumMemoryPages = 4096 });
        Call("_initialize", []);
    }

    [Fact]
    public void Imports_AllFortySixFunctions_AreOffered()
    {
        var imports = new Imports();

        WasiImports.AddTo(imports);

        Assert.Equal(46, imports.Names.Count());
    }

    [Theory]
    [EngineData]
    public void Panic_TextComesByLineOnStandardErrorThenATrap(string engine)
    {
        Start(engine);
        var trap = Assert.Throws<TrapException>(() => Call("panicText", []));

        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Contains("stderr panic: boom", _lines.Read);
    }

    [Theory]
    [EngineData]
    public void Exit_Code_IsTheGuests(string engine)
    {
        Start(engine);
        var exit = Assert.Throws<ProcessExitException>(() => Call("exit", [7]));

        Assert.Equal(7u, exit.Code);
    }

    [Theory]
    [EngineData]
    public void SleepForever_Deadline_EndsIt(string engine)
    {
        Start(engine);
        var trap = Assert.Throws<TrapException>(() => Call("sleepForever", [], TimeSpan.FromMilliseconds(50)));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void Output_BeyondTheBound_IsCountedAndDroppedAndTheGuestNeverHears(string engine)
    {
        Start(engine);
        Call("output", [1_000_000]);
        _context.CompleteOutput();

        Assert.Equal(1_000_000, _lines.DroppedBytes + _lines.Bytes);
        Assert.Equal(64 * 1024, _lines.Bytes);
    }

    [Theory]
    [EngineData]
    public void OpenFile_NothingGranted_Fails(string engine)
    {
        Start(engine);
        Assert.Equal(0UL, Call("openFile", []));
    }

    public void Dispose()
    {
        _instance?.Dispose();
        _context?.Dispose();
    }

    private ulong Call(string export, ulong[] arguments, TimeSpan? timeout = null)
    {
        Assert.True(_instance.TryGetFunction(export, out var function));
        var results = new ulong[1];
        _instance.Invoke(function, arguments, results, new ExecutionBudget(timeout ?? TimeSpan.FromMinutes(1)));
        return results[0];
    }
}
