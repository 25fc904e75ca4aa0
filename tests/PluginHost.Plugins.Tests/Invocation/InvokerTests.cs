using PluginHost.Plugins.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Tests.Invocation;

public sealed class InvokerTests : IAsyncLifetime
{
    /// <summary>Counts its calls in a local of the instance: the first word of memory.</summary>
    private static readonly byte[] Counter = new ModuleBuilder()
        .Memory()
        .Function("next", [], [ModuleBuilder.I32], 0x41, 0, 0x41, 0, 0x28, 2, 0, 0x41, 1, 0x6A, 0x36, 2, 0, 0x41, 0, 0x28, 2, 0)
        .Function("trap", [], [], 0x00)
        .Function("loop", [], [], 0x03, 0x40, 0x0C, 0x00, 0x0B)
        .Function("outside", [], [ModuleBuilder.I32], 0x41, 0x7F, 0x28, 2, 0)
        .Function("recurse", [], [], 0x10, 4)
        .Function("reference", [ModuleBuilder.FuncRef], [])
        .ToArray();

    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    public async Task InitializeAsync()
    {
        _host = await PluginHostFixture.StartAsync(_directory.Path);
        await _host.UploadAsync("counter", Counter);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Invoke_TwiceInSequence_UsesTheSameInstance()
    {
        Assert.Equal(1UL, Assert.Single((await _host.CallAsync("counter", "next", [])).Values));
        Assert.Equal(2UL, Assert.Single((await _host.CallAsync("counter", "next", [])).Values));

        var statistics = _host.Plugins.Statistics("counter").Value!;
        Assert.Equal((2L, 2L, 0L), (statistics.Invocations, statistics.Succeeded, statistics.Running));
        Assert.Equal(1, Assert.Single(statistics.Pools).Created);
    }

    [Theory]
    [InlineData("trap", TrapKind.Unreachable, "unreachable")]
    [InlineData("outside", TrapKind.OutOfBoundsMemoryAccess, "out-of-bounds-memory-access")]
    [InlineData("recurse", TrapKind.CallStackExhausted, "call-stack-exhausted")]
    public async Task Invoke_ExportThatTraps_FailsAndReplacesTheInstance(string export, TrapKind kind, string text)
    {
        await _host.CallAsync("counter", "next", []);

        var (result, _) = await _host.CallAsync("counter", export, []);
        var (_, after) = await _host.CallAsync("counter", "next", []);

        Assert.Equal((FailureCode.Trap, kind, InstanceFate.Discarded), (result.Failure?.Code, result.Failure?.Trap, result.Failure?.Instance));
        Assert.NotEmpty(result.Failure!.Frames!);
        Assert.Equal([1UL], after);

        var statistics = _host.Plugins.Statistics("counter").Value!;
        Assert.Equal(1, statistics.Failures["trap"]);
        Assert.Equal(1, statistics.Traps[text]);
        Assert.Equal(1, Assert.Single(statistics.Pools).Discarded);
    }

    [Fact]
    public async Task Invoke_EndlessLoop_EndsAtTheDeadlineOfTheCaller()
    {
        var (result, _) = await _host.CallAsync("counter", "loop", [], deadline: TimeSpan.FromMilliseconds(50));

        Assert.Equal(FailureCode.DeadlineExceeded, result.Failure?.Code);
        Assert.Equal(InstanceFate.Discarded, result.Failure?.Instance);
    }

    [Fact]
    public async Task Invoke_EndlessLoop_EndsAtThePluginsDeadlineHoweverLongTheCallerWouldWait()
    {
        await _host.Plugins.PutAsync("counter", new PluginConfiguration { Limits = new PluginLimits { DeadlineMilliseconds = 50 } }, null, false, CancellationToken.None);

        var (result, _) = await _host.CallAsync("counter", "loop", [], deadline: TimeSpan.FromHours(1));

        Assert.Equal(FailureCode.DeadlineExceeded, result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_EndlessLoopWithFuel_IsExhausted()
    {
        await _host.Plugins.PutAsync("counter", new PluginConfiguration { Limits = new PluginLimits { Fuel = 1_000 } }, null, false, CancellationToken.None);

        var (result, _) = await _host.CallAsync("counter", "loop", []);

        Assert.Equal(FailureCode.FuelExhausted, result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_CallerThatGivesUp_EndsTheGuest()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var (result, _) = await Task.Run(() => _host.CallAsync("counter", "loop", [], cancellation: cancellation.Token));

        Assert.Equal(FailureCode.Cancelled, result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_WrongNumberOfArguments_IsRefusedAndKeepsTheInstance()
    {
        await _host.CallAsync("counter", "next", []);

        var (result, _) = await _host.CallAsync("counter", "next", [1]);

        Assert.Equal(FailureCode.WrongArity, result.Failure?.Code);
        Assert.Null(result.Failure?.Instance);
        Assert.Equal(2UL, Assert.Single((await _host.CallAsync("counter", "next", [])).Values));
    }

    [Fact]
    public async Task Resolve_UnknownNames_SayWhatThereIs()
    {
        var plugin = await _host.Invoker.ResolveAsync("nothing", null, "next", CancellationToken.None);
        var version = await _host.Invoker.ResolveAsync("counter", "9", "next", CancellationToken.None);
        var export = await _host.Invoker.ResolveAsync("counter", null, "nothing", CancellationToken.None);

        Assert.Equal(FailureCode.PluginNotFound, plugin.Failure?.Code);
        Assert.Equal(FailureCode.VersionNotFound, version.Failure?.Code);
        Assert.Equal("1", Assert.Single(version.Failure!.Available!));
        Assert.Equal(FailureCode.ExportNotFound, export.Failure?.Code);
        Assert.Contains("next", export.Failure!.Available!, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Resolve_ExportThatTakesAReference_IsRefused()
    {
        var target = await _host.Invoker.ResolveAsync("counter", null, "reference", CancellationToken.None);

        Assert.Equal(FailureCode.UnsupportedSignature, target.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_TargetOfAnOldConfiguration_CallsItsSuccessor()
    {
        var target = await _host.Invoker.ResolveAsync("counter", null, "next", CancellationToken.None);
        await _host.Plugins.PutAsync("counter", PluginConfiguration.Default, null, false, CancellationToken.None);
        var values = new ulong[1];

        var result = await _host.Invoker.InvokeAsync(target.Value!, ReadOnlyMemory<ulong>.Empty, values, null, CancellationToken.None);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal([1UL], values);
    }

    [Fact]
    public async Task Invoke_TargetOfADeletedPlugin_IsNotFound()
    {
        var target = await _host.Invoker.ResolveAsync("counter", null, "next", CancellationToken.None);
        await _host.Plugins.DeleteAsync("counter", null, CancellationToken.None);

        var result = await _host.Invoker.InvokeAsync(target.Value!, ReadOnlyMemory<ulong>.Empty, new ulong[1], null, CancellationToken.None);

        Assert.Equal(FailureCode.PluginNotFound, result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_MoreThanTheQueueHolds_IsRefusedAtOnce()
    {
        await _host.Plugins.PutAsync(
            "counter",
            new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 1, QueueLength = 2 }, Limits = new PluginLimits { DeadlineMilliseconds = 2_000 } },
            null,
            false,
            CancellationToken.None);
        await _host.CallAsync("counter", "next", []);
        using var cancellation = new CancellationTokenSource();
        var busy = Task.Run(() => _host.CallAsync("counter", "loop", [], cancellation: cancellation.Token));
        await UntilAsync(pool => pool.Busy == 1);
        var waiting = new[] { _host.CallAsync("counter", "next", []), _host.CallAsync("counter", "next", []) };
        await UntilAsync(pool => pool.Queued == 2);

        var (refused, _) = await _host.CallAsync("counter", "next", []);
        await cancellation.CancelAsync();
        await busy;
        var served = await Task.WhenAll(waiting);

        Assert.Equal(FailureCode.QueueFull, refused.Failure?.Code);
        Assert.NotNull(refused.Failure?.RetryAfter);
        Assert.All(served, call => Assert.True(call.Result.Succeeded, call.Result.Failure?.ToString()));
        Assert.Equal([1UL, 2UL], served.Select(call => call.Values[0]).Order().ToArray());
    }

    [Fact]
    public async Task Invoke_NoInstanceInTime_TimesOut()
    {
        await _host.Plugins.PutAsync(
            "counter", new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 1, QueueTimeoutMilliseconds = 50 } }, null, false, CancellationToken.None);
        await _host.CallAsync("counter", "next", []);
        using var cancellation = new CancellationTokenSource();
        var busy = Task.Run(() => _host.CallAsync("counter", "loop", [], cancellation: cancellation.Token));
        await UntilAsync(pool => pool.Busy == 1);

        var (late, _) = await _host.CallAsync("counter", "next", []);
        var (short_, _) = await _host.CallAsync("counter", "next", [], deadline: TimeSpan.FromMilliseconds(10));
        await cancellation.CancelAsync();
        await busy;

        Assert.Equal(FailureCode.QueueTimeout, late.Failure?.Code);
        Assert.Equal(FailureCode.DeadlineExceeded, short_.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_ManyAtOnce_NeverSharesAnInstance()
    {
        await _host.Plugins.PutAsync(
            "counter", new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 4, QueueLength = 1_000 } }, null, false, CancellationToken.None);

        var calls = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Task.Run(() => _host.CallAsync("counter", "next", []))));

        // Each instance counts its own calls from 1, so no count can be given more often than there are instances, nor more often than the one before it.
        Assert.All(calls, call => Assert.True(call.Result.Succeeded, call.Result.Failure?.ToString()));
        var given = calls.GroupBy(call => call.Values[0]).OrderBy(group => group.Key).Select(group => group.Count()).ToArray();
        var created = (int)Assert.Single(_host.Plugins.Statistics("counter").Value!.Pools).Created;
        Assert.InRange(created, 1, 4);
        Assert.InRange(given[0], 1, created);
        Assert.Equal(given.OrderDescending().ToArray(), given);
    }

    [Fact]
    public async Task Stop_WithAGuestThatRunsForEver_InterruptsItAfterTheLimit()
    {
        await using var host = await PluginHostFixture.StartAsync(Path.Combine(_directory.Path, "other"), ("Limits:DrainMilliseconds", 50));
        await host.UploadAsync("counter", Counter);
        var running = Task.Run(() => host.CallAsync("counter", "loop", []));
        await UntilAsync(host, pool => pool.Busy == 1);

        await host.StopAsync();
        var (result, _) = await running;

        Assert.Equal(FailureCode.Draining, result.Failure?.Code);
    }

    [Fact]
    public async Task Delete_WithAGuestThatRunsForEver_InterruptsItAfterTheLimit()
    {
        await using var host = await PluginHostFixture.StartAsync(Path.Combine(_directory.Path, "other"), ("Limits:DrainMilliseconds", 50));
        await host.UploadAsync("counter", Counter);
        var running = Task.Run(() => host.CallAsync("counter", "loop", []));
        await UntilAsync(host, pool => pool.Busy == 1);

        var deleted = await host.Plugins.DeleteAsync("counter", null, CancellationToken.None);
        var (result, _) = await running;

        Assert.True(deleted.Succeeded);
        Assert.Equal(FailureCode.Draining, result.Failure?.Code);
    }

    private Task UntilAsync(Func<PluginHost.Plugins.Telemetry.PoolStatistics, bool> condition) => UntilAsync(_host, condition);

    private static async Task UntilAsync(PluginHostFixture host, Func<PluginHost.Plugins.Telemetry.PoolStatistics, bool> condition)
    {
        while (!host.Plugins.Statistics("counter").Value!.Pools.Any(condition))
            await Task.Delay(5);
    }
}
