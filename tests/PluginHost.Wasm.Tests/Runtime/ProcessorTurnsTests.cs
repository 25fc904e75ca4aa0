using System.Collections.Concurrent;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

public sealed class ProcessorTurnsTests
{
    [Fact]
    public void Take_WithPlacesLeft_DoesNotWait()
    {
        var turns = new ProcessorTurns(2);
        bool first = false, second = false;

        turns.Take(ref first, default);
        turns.Take(ref second, default);
        turns.Take(ref first, default);

        Assert.True(first && second);
        Assert.Equal((2, 0), (turns.Running, turns.Waiting));
    }

    [Fact]
    public async Task Take_WhileOthersWait_PassesThePlaceOnInTheOrderOfAsking()
    {
        var turns = new ProcessorTurns(1);
        var order = new ConcurrentQueue<string>();
        var held = false;
        turns.Take(ref held, default);
        var second = StartAsync("second");
        await UntilAsync(() => turns.Waiting == 1);
        var third = StartAsync("third");
        await UntilAsync(() => turns.Waiting == 2);

        // Behind both of them.
        turns.Take(ref held, default);
        order.Enqueue("first again");
        turns.Leave(ref held);

        await Task.WhenAll(second, third);
        Assert.Equal(["second", "third", "first again"], order);
        Assert.False(held);
        Assert.Equal((0, 0), (turns.Running, turns.Waiting));

        Task StartAsync(string name) => Task.Factory.StartNew(
            () =>
            {
                var isHeld = false;
                turns.Take(ref isHeld, default);
                order.Enqueue(name);
                turns.Leave(ref isHeld);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    [Fact]
    public async Task Take_Cancelled_LeavesTheQueueWithoutAPlace()
    {
        var turns = new ProcessorTurns(1);
        using var cancellation = new CancellationTokenSource();
        bool held = false, other = true;
        turns.Take(ref held, default);
        var waiting = Task.Run(() =>
        {
            var isHeld = false;
            turns.Take(ref isHeld, cancellation.Token);
            other = isHeld;
        });
        await UntilAsync(() => turns.Waiting == 1);

        await cancellation.CancelAsync();
        await waiting;

        Assert.False(other);
        Assert.Equal((1, 0), (turns.Running, turns.Waiting));
    }

    [Fact]
    public async Task Reserve_OneProcessor_IsTakenFromThoseWhoAskNextAndGivenBack()
    {
        var turns = new ProcessorTurns(2);
        bool first = false, second = false;
        turns.Take(ref first, default);
        turns.Take(ref second, default);

        turns.Reserve(true);
        var waiting = Task.Run(() => turns.Take(ref second, default));
        await UntilAsync(() => turns.Waiting == 1);
        var running = turns.Running;
        turns.Reserve(false);
        await waiting;

        Assert.Equal(1, running);
        Assert.Equal((2, 0), (turns.Running, turns.Waiting));
    }

    [Theory]
    [EngineData]
    public async Task LongCalls_MoreThanProcessors_AllEndRightAndGiveTheirPlacesBack(string engine)
    {
        // (func (param i32) (result i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 7)).
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(new ModuleBuilder()
            .Function("count", [ModuleBuilder.I32], [ModuleBuilder.I32], 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x41, 7)
            .ToArray()));

        var calls = Enumerable.Range(0, Environment.ProcessorCount + 3).Select(_ => Task.Factory.StartNew(Count, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(7UL, result));

        ulong Count()
        {
            using var instance = module.Instantiate(new Imports());
            Assert.True(instance.TryGetFunction("count", out var count));
            var results = new ulong[1];

            // Twice: the second call must not think that it has the first one's place.
            for (var i = 0; i < 2; i++)
                instance.Invoke(count, [10_000_000], results, new ExecutionBudget(TimeSpan.FromMinutes(5)));

            return results[0];
        }
    }

    [Theory]
    [EngineData]
    public async Task LongCalls_ThatWaitForTheHost_LeaveTheirPlacesToOthers(string engine)
    {
        // As above, and a call of the host at the end.
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(new ModuleBuilder()
            .Import("host", "wait", [], [])
            .Function("count", [ModuleBuilder.I32], [ModuleBuilder.I32], 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x10, 0, 0x41, 7)
            .ToArray()));

        // All wait for the last: were one to hold its place, the last would never come.
        var count = Environment.ProcessorCount + 3;
        var arrived = 0;
        var all = new TaskCompletionSource();
        var imports = new Imports().Add("host", "wait", FunctionType.Empty, (ref call) =>
        {
            if (Interlocked.Increment(ref arrived) == count)
                all.SetResult();

            call.Wait(all.Task);
        });

        var calls = Enumerable.Range(0, count).Select(_ => Task.Factory.StartNew(Count, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(7UL, result));

        ulong Count()
        {
            using var instance = module.Instantiate(imports);
            Assert.True(instance.TryGetFunction("count", out var function));
            var results = new ulong[1];
            instance.Invoke(function, [30_000_000], results, new ExecutionBudget(TimeSpan.FromMinutes(5)));
            return results[0];
        }
    }

    [Theory]
    [EngineData]
    public async Task LongCalls_EndedWhileTheyWait_EndByTheirDeadline(string engine)
    {
        var module = ExecutionEngines.Named(engine).Prepare(WasmModule.Load(new ModuleBuilder().Function("loop", [], [], 0x03, 0x40, 0x0C, 0, 0x0B).ToArray()));

        var calls = Enumerable.Range(0, Environment.ProcessorCount + 3).Select(_ => Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

        Assert.All(await Task.WhenAll(calls), kind => Assert.Equal(TrapKind.DeadlineExceeded, kind));

        TrapKind Loop()
        {
            using var instance = module.Instantiate(new Imports());
            Assert.True(instance.TryGetFunction("loop", out var loop));
            return Assert.Throws<TrapException>(() => instance.Invoke(loop, [], [], new ExecutionBudget(TimeSpan.FromMilliseconds(100)))).Kind;
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (!isSo())
            await Task.Delay(1, patience.Token);
    }
}
