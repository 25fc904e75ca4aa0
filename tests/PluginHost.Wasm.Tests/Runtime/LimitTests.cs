using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

public sealed class LimitTests
{
    // (func (export "loop") (loop br 0)), (func (export "deep") (param i32) (result i32) local.get 0 if (result i32) local.get 0 i32.const 1 i32.sub
    // call 1 i32.const 1 i32.add else i32.const 0 end), and (func (export "boom") unreachable).
    private static readonly byte[] Module =
    [
        0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00,
        0x01, 0x09, 0x02, 0x60, 0x00, 0x00, 0x60, 0x01, 0x7F, 0x01, 0x7F,
        0x03, 0x04, 0x03, 0x00, 0x01, 0x00,
        0x07, 0x16, 0x03, 0x04, (byte)'l', (byte)'o', (byte)'o', (byte)'p', 0x00, 0x00, 0x04, (byte)'d', (byte)'e', (byte)'e', (byte)'p', 0x00, 0x01,
        0x04, (byte)'b', (byte)'o', (byte)'o', (byte)'m', 0x00, 0x02,
        0x0A, 0x22, 0x03,
        0x07, 0x00, 0x03, 0x40, 0x0C, 0x00, 0x0B, 0x0B,
        0x14, 0x00, 0x20, 0x00, 0x04, 0x7F, 0x20, 0x00, 0x41, 0x01, 0x6B, 0x10, 0x01, 0x41, 0x01, 0x6A, 0x05, 0x41, 0x00, 0x0B, 0x0B,
        0x03, 0x00, 0x00, 0x0B,
    ];

    [Theory]
    [EngineData]
    public void Loop_Deadline_EndsInATrapAndTheInstanceStillAnswers(string engine)
    {
        using var instance = Instantiate(engine);

        var trap = Assert.Throws<TrapException>(() => Call(instance, "loop", [], new ExecutionBudget(TimeSpan.FromMilliseconds(20))));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
        Assert.Equal(5UL, Call(instance, "deep", [5]));
    }

    [Theory]
    [EngineData]
    public void Loop_Cancelled_EndsInATrap(string engine)
    {
        using var instance = Instantiate(engine);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        var trap = Assert.Throws<TrapException>(() => Call(instance, "loop", [], new ExecutionBudget(Cancellation: cancellation.Token)));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void Loop_Fuel_IsUsedUp(string engine)
    {
        using var instance = Instantiate(engine);

        var trap = Assert.Throws<TrapException>(() => Call(instance, "loop", [], new ExecutionBudget(Fuel: 100_000)));

        Assert.Equal(TrapKind.FuelExhausted, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void Calls_TwentyThousandDeep_Work(string engine)
    {
        using var instance = Instantiate(engine);

        Assert.Equal(20_000UL, Call(instance, "deep", [20_000]));
    }

    [Theory]
    [EngineData]
    public void Calls_DeepAgainAfterTheStacksWereGivenBack_Work(string engine)
    {
        using var instance = Instantiate(engine);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(100_000UL, Call(instance, "deep", [100_000]));
            Assert.Equal(7UL, Call(instance, "deep", [7]));
        }
    }

    [Theory]
    [EngineData]
    public void Calls_DeeperThanTheLimit_Trap(string engine)
    {
        using var instance = Instantiate(engine, new InstanceOptions { MaximumCallDepth = 1_000 });

        var trap = Assert.Throws<TrapException>(() => Call(instance, "deep", [100_000]));

        Assert.Equal(TrapKind.CallStackExhausted, trap.Kind);
        Assert.Equal(TrapException.MaximumStackFrames, trap.Frames.Length);
        Assert.Equal(900UL, Call(instance, "deep", [900]));
    }

    [Theory]
    [EngineData]
    public void Calls_WithoutEnd_TrapAtTheEndOfTheStack(string engine)
    {
        using var instance = Instantiate(engine, new InstanceOptions { MaximumCallDepth = int.MaxValue });

        var trap = Assert.Throws<TrapException>(() => Call(instance, "deep", [uint.MaxValue]));

        Assert.Equal(TrapKind.CallStackExhausted, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void Trap_NamesItsFrames(string engine)
    {
        using var instance = Instantiate(engine);

        var trap = Assert.Throws<TrapException>(() => Call(instance, "boom", []));

        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Equal(2u, Assert.Single(trap.Frames).FunctionIndex);
    }

    private static WasmInstance Instantiate(string engine, InstanceOptions? options = null) => ExecutionEngines.Named(engine).Prepare(WasmModule.Load(Module)).Instantiate(new Imports(), options);

    private static ulong Call(WasmInstance instance, string export, ulong[] arguments, ExecutionBudget budget = default)
    {
        Assert.True(instance.TryGetFunction(export, out var function));
        var results = new ulong[1];
        instance.Invoke(function, arguments, results, budget);
        return results[0];
    }
}
