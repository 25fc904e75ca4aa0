using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests;

/// <summary>A function that takes long is called thousands of times before the engine looks at the interrupt by itself.</summary>
public sealed class InterruptionTests
{
    private const int Calls = 3_000;
    private const int LoopCalls = 6;

    [Theory]
    [EngineData]
    public void SlowFunctions_CalledOneAfterTheOther_EndWithTheDeadline(string engine)
    {
        // No branch in between: clock_time_get(0, 0, 64) again and again.
        byte[] call = [0x41, 0, 0x42, 0, 0x41, 0xC0, 0, 0x10, 0, 0x1A];
        var module = WasmModule.Load(new ModuleBuilder()
            .Import(WasiImports.ModuleName, "clock_time_get", [ModuleBuilder.I32, ModuleBuilder.I64, ModuleBuilder.I32], [ModuleBuilder.I32])
            .Function("run", [], [], [.. Enumerable.Repeat(call, Calls).SelectMany(code => code)])
            .Memory()
            .ToArray());
        var imports = new Imports();
        WasiImports.AddTo(imports);
        var clock = new SlowClock();
        using var context = new WasiContext(new WasiOptions { TimeProvider = clock });
        using var instance = ExecutionEngines.Named(engine).Prepare(module).Instantiate(imports, new InstanceOptions { States = [context] });
        Assert.True(instance.TryGetFunction("run", out var run));

        var trap = Assert.Throws<TrapException>(() => instance.Invoke(run, [], [], new ExecutionBudget(TimeSpan.FromMilliseconds(20))));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
        Assert.InRange(clock.Asked, 1, Calls - 1);
    }

    [Theory]
    [EngineData]
    public async Task EmptyLoopOfGo_CalledAgainAndAgain_EndsWithTheDeadlineEachTime(string engine)
    {
        var imports = new Imports();
        WasiImports.AddTo(imports);
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(Repository.Sample("faults")));

        // Often enough for every engine to compile it, and to enter it in the middle. An instance that was stopped is not used again.
        for (var i = 0; i < LoopCalls; i++)
            Assert.Equal(TrapKind.DeadlineExceeded, await Task.Run(Loop).WaitAsync(TimeSpan.FromSeconds(60)));

        TrapKind Loop()
        {
            using var context = new WasiContext();
            using var instance = module.Instantiate(imports, new InstanceOptions { States = [context] });
            Assert.True(instance.TryGetFunction("_initialize", out var initialize));
            Assert.True(instance.TryGetFunction("loop", out var loop));
            instance.Invoke(initialize, [], []);
            return Assert.Throws<TrapException>(() => instance.Invoke(loop, [], [], new ExecutionBudget(TimeSpan.FromMilliseconds(300)))).Kind;
        }
    }

    private sealed class SlowClock : TimeProvider
    {
        public int Asked { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            Asked++;
            Thread.Sleep(1);
            return base.GetUtcNow();
        }
    }
}
