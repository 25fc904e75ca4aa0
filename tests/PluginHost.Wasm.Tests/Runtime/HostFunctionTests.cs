using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

public sealed class HostFunctionTests
{
    private static readonly FunctionType Unary = new([ValueType.I32], [ValueType.I32]);

    // (import "host" "f" (func (param i32) (result i32))) (memory (export "m") 1)
    // (func (export "call") (param i32) (result i32) local.get 0 call 0) (func (export "inc") (param i32) (result i32) local.get 0 i32.const 1 i32.add)
    private static readonly byte[] Module = new ModuleBytes()
        .Section(1, [1, 0x60, 1, 0x7F, 1, 0x7F])
        .Section(2, [1, .. ModuleBytes.Name("host"), .. ModuleBytes.Name("f"), 0x00, 0])
        .Section(3, [2, 0, 0])
        .Section(5, [1, 0, 1])
        .Section(7, [3, .. ModuleBytes.Name("m"), 0x02, 0, .. ModuleBytes.Name("call"), 0x00, 1, .. ModuleBytes.Name("inc"), 0x00, 2])
        .Section(10, [2, .. ModuleBytes.Sized([0, 0x20, 0, 0x10, 0, 0x0B]), .. ModuleBytes.Sized([0, 0x20, 0, 0x41, 1, 0x6A, 0x0B])])
        .ToArray();

    [Theory]
    [EngineData]
    public void Call_HostFunction_SeesTheGuestsMemoryAndTheInstancesState(string engine)
    {
        using var instance = Instantiate(
            engine,
            (ref call) =>
            {
                call.Memory.Span(8, 1)[0] = 42;
                call.Return(call.State<string>().Length + call.Int32(0));
            },
            new InstanceOptions { States = ["state"] });

        var result = Call(instance, "call", 10);

        Assert.Equal(15UL, result);
        Assert.Equal(42, instance.Memory!.Span(8, 1)[0]);
    }

    [Theory]
    [EngineData]
    public void Call_HostFunctionThatCallsBack_IsReentrant(string engine)
    {
        using var instance = Instantiate(engine, (ref call) => call.Return((uint)Call(call.Instance, "inc", call.UInt32(0))));

        Assert.Equal(8UL, Call(instance, "call", 7));
        Assert.Equal(9UL, Call(instance, "call", 8));
    }

    [Theory]
    [EngineData]
    public void Call_NestedWithoutEnd_TrapsBeforeTheHostsStackEnds(string engine)
    {
        using var instance = Instantiate(engine, (ref call) => call.Return((uint)Call(call.Instance, "call", call.UInt32(0))));

        var trap = Assert.Throws<TrapException>(() => Call(instance, "call", 1));

        Assert.Equal(TrapKind.CallStackExhausted, trap.Kind);
        Assert.Equal(3UL, Call(instance, "inc", 2));
    }

    [Theory]
    [EngineData]
    public void Call_HostFunctionThatThrows_PassesItsExceptionOnAndLeavesTheStacksInOrder(string engine)
    {
        using var instance = Instantiate(engine, (ref _) => throw new InvalidOperationException("of the host's own"));

        Assert.Throws<InvalidOperationException>(() => Call(instance, "call", 1));
        Assert.Equal(3UL, Call(instance, "inc", 2));
    }

    [Theory]
    [EngineData]
    public void Sleep_Cancelled_EndsTheCall(string engine)
    {
        using var instance = Instantiate(engine, (ref call) => call.Sleep(TimeSpan.FromHours(1)));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.True(instance.TryGetFunction("call", out var function));

        var trap = Assert.Throws<TrapException>(() => instance.Invoke(function, [1], new ulong[1], new ExecutionBudget(Cancellation: cancellation.Token)));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void Wait_Cancelled_EndsTheCall(string engine)
    {
        var never = new TaskCompletionSource();
        using var instance = Instantiate(engine, (ref call) => call.Wait(never.Task));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.True(instance.TryGetFunction("call", out var function));

        var trap = Assert.Throws<TrapException>(() => instance.Invoke(function, [1], new ulong[1], new ExecutionBudget(Cancellation: cancellation.Token)));

        Assert.Equal(TrapKind.Cancelled, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void Wait_TaskThatFails_IsForTheHostFunctionToSee(string engine)
    {
        using var instance = Instantiate(engine, (ref call) =>
        {
            var failing = Task.Run(async () =>
            {
                await Task.Delay(10);
                throw new InvalidOperationException("of the task's own");
            });
            call.Wait(failing);
            call.Return(failing.IsFaulted ? 5 : 0);
        });

        Assert.Equal(5UL, Call(instance, "call", 1));
    }

    [Theory]
    [EngineData]
    public void Interrupt_WithoutACall_DoesNotReachTheNext(string engine)
    {
        using var instance = Instantiate(engine, (ref call) => call.Return(1));

        instance.Interrupt(TrapKind.Cancelled);

        Assert.Equal(3UL, Call(instance, "inc", 2));
    }

    [Theory]
    [EngineData]
    public void Instantiate_MissingOrMistypedImport_NamesModuleNameAndBothSignatures(string engine)
    {
        var executable = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(Module));

        var missing = Assert.Throws<LinkException>(() => executable.Instantiate(new Imports()));
        var mistyped = Assert.Throws<LinkException>(() => executable.Instantiate(new Imports().Add("host", "f", new FunctionType([], [ValueType.I64]), (ref _) => { })));

        Assert.Equal("host.f func (i32) -> (i32) is not offered", Assert.Single(missing.Unresolved).ToString());
        Assert.Equal("host.f is declared as func (i32) -> (i32) and offered as func () -> (i64)", Assert.Single(mistyped.Unresolved).ToString());
    }

    [Theory]
    [EngineData]
    public void Dispose_Instance_LeavesNothingToReach(string engine)
    {
        var instance = Instantiate(engine, (ref call) => call.Return(1));
        var memory = instance.Memory!;

        instance.Dispose();

        Assert.Equal(0u, memory.Pages);
        Assert.False(memory.TryGetSpan(0, 1, out _));
        Assert.Throws<ObjectDisposedException>(() => Call(instance, "inc", 1));
    }

    private static WasmInstance Instantiate(string engine, HostCallback callback, InstanceOptions? options = null) =>
        ExecutionEngines.Named(engine).Prepare(WasmModule.Load(Module)).Instantiate(new Imports().Add("host", "f", Unary, callback), options);

    private static ulong Call(WasmInstance instance, string export, uint argument)
    {
        Assert.True(instance.TryGetFunction(export, out var function));
        var results = new ulong[1];
        instance.Invoke(function, [argument], results);
        return results[0];
    }
}
