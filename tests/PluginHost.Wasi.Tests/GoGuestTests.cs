using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests;

/// <summary>A real Go reactor on WASI: streams, exits, sleeping.</summary>
public sealed class GoGuestTests : IDisposable
{
    private readonly Lines _lines = new();
    private readonly WasiContext _context;
    private readonly WasmInstance _instance;

    public GoGuestTests()
    {
        var imports = new Imports();
        WasiImports.AddTo(imports);
        _context = new WasiContext(new WasiOptions { Output = _lines, MaximumOutputBytes = 64 * 1024 });
        _instance = ExecutionEngines.Default.Prepare(WasmModule.Load(Repository.Sample("faults"))).Instantiate(imports, new InstanceOptions { States = [_context], MaximumMemoryPages = 4096 });
        Call("_initialize", []);
    }

    [Fact]
    public void Imports_AllFortySixFunctions_AreOffered()
    {
        var imports = new Imports();

        WasiImports.AddTo(imports);

        Assert.Equal(46, imports.Names.Count());
    }

    [Fact]
    public void Panic_TextComesByLineOnStandardErrorThenATrap()
    {
        var trap = Assert.Throws<TrapException>(() => Call("panicText", []));

        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Contains("stderr panic: boom", _lines.Read);
    }

    [Fact]
    public void Exit_Code_IsTheGuests()
    {
        var exit = Assert.Throws<ProcessExitException>(() => Call("exit", [7]));

        Assert.Equal(7u, exit.Code);
    }

    [Fact]
    public void SleepForever_Deadline_EndsIt()
    {
        var trap = Assert.Throws<TrapException>(() => Call("sleepForever", [], TimeSpan.FromMilliseconds(50)));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
    }

    [Fact]
    public void Output_BeyondTheBound_IsCountedAndDroppedAndTheGuestNeverHears()
    {
        Call("output", [1_000_000]);
        _context.CompleteOutput();

        Assert.Equal(1_000_000, _lines.DroppedBytes + _lines.Bytes);
        Assert.Equal(64 * 1024, _lines.Bytes);
    }

    [Fact]
    public void OpenFile_NothingGranted_Fails()
    {
        Assert.Equal(0UL, Call("openFile", []));
    }

    public void Dispose()
    {
        _instance.Dispose();
        _context.Dispose();
    }

    private ulong Call(string export, ulong[] arguments, TimeSpan? timeout = null)
    {
        Assert.True(_instance.TryGetFunction(export, out var function));
        var results = new ulong[1];
        _instance.Invoke(function, arguments, results, new ExecutionBudget(timeout ?? TimeSpan.FromMinutes(1)));
        return results[0];
    }
}
