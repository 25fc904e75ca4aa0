using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Telemetry;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Pooling;

public sealed class InstancePoolTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Sweep_InstancesIdleForTooLong_KeepsTheMinimum()
    {
        await using var host = await PluginHostFixture.StartAsync(_directory.Path, _clock, ("Limits:IdleSeconds", 60));
        await host.UploadAsync("goroutines", Repository.Sample("goroutines"));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => host.CallAsync("goroutines", "sleep", [300]))));
        var before = Pool(host, "goroutines");

        _clock.Advance(TimeSpan.FromSeconds(59));
        host.Services.GetRequiredService<InstanceCapacity>().Sweep();
        var early = Pool(host, "goroutines");
        _clock.Advance(TimeSpan.FromSeconds(2));
        host.Services.GetRequiredService<InstanceCapacity>().Sweep();
        var late = Pool(host, "goroutines");

        Assert.Equal(3, before.Idle);
        Assert.Equal(3, early.Idle);
        Assert.Equal((1, 2L), (late.Idle, late.Released));
        Assert.Equal(1, host.Services.GetRequiredService<InstanceCapacity>().Count);
    }

    [Fact]
    public async Task Sweep_VersionThatIsNotLiveAnyMore_IsUnloadedWhenIdle()
    {
        await using var host = await PluginHostFixture.StartAsync(_directory.Path, _clock, ("Limits:IdleSeconds", 60));
        await host.UploadAsync("calc", ModuleBuilder.Add);
        await host.UploadAsync("calc", new ModuleBuilder().Function("other", [], []).ToArray());
        Assert.Equal(2, host.Plugins.Statistics("calc").Value!.Pools.Count);

        _clock.Advance(TimeSpan.FromSeconds(61));
        host.Services.GetRequiredService<InstanceCapacity>().Sweep();
        host.Plugins.UnloadUnused();

        Assert.Equal(2, Pool(host, "calc").Version);
        Assert.Equal(3UL, Assert.Single((await host.CallAsync("calc", "add", [1, 2], version: "1")).Values));
    }

    [Fact]
    public async Task Capacity_TakenByAnotherPluginsIdleInstance_IsGivenUpForACall()
    {
        await using var host = await PluginHostFixture.StartAsync(_directory.Path, _clock, ("Limits:MaximumTotalInstances", 1));
        await host.UploadAsync("one", ModuleBuilder.Add);
        await host.UploadAsync("two", ModuleBuilder.Add);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(3UL, Assert.Single((await host.CallAsync("one", "add", [1, 2])).Values));
            Assert.Equal(5UL, Assert.Single((await host.CallAsync("two", "add", [2, 3])).Values));
        }

        Assert.Equal(1, host.Services.GetRequiredService<InstanceCapacity>().Count);
    }

    [Fact]
    public async Task Capacity_AllInstancesBusy_IsRefused()
    {
        await using var host = await PluginHostFixture.StartAsync(_directory.Path, _clock, ("Limits:MaximumTotalInstances", 1));
        await host.UploadAsync("add", ModuleBuilder.Add);
        await host.UploadAsync("loop", new ModuleBuilder().Function("loop", [], [], 0x03, 0x40, 0x0C, 0x00, 0x0B).ToArray());
        using var cancellation = new CancellationTokenSource();
        var busy = Task.Run(() => host.CallAsync("loop", "loop", [], cancellation: cancellation.Token));

        while (Pool(host, "loop").Busy == 0)
            await Task.Delay(5);

        var (refused, _) = await host.CallAsync("add", "add", [1, 2]);
        await cancellation.CancelAsync();
        await busy;

        // The discarded instance is replaced for the pool's minimum; until that one is idle the server is full.
        while (Pool(host, "loop").Idle == 0)
            await Task.Delay(5);

        var (served, _) = await host.CallAsync("add", "add", [1, 2]);

        Assert.Equal(FailureCode.NoCapacity, refused.Failure?.Code);
        Assert.True(served.Succeeded, served.Failure?.ToString());
    }

    [Fact]
    public async Task Start_ThatFailsAfterAConfiguration_AnswersEachCallerAndNotMoreOften()
    {
        await using var host = await PluginHostFixture.StartAsync(_directory.Path, _clock);
        await host.UploadAsync("calc", Repository.Sample("calc"));
        await host.Plugins.PutAsync(
            "calc", new PluginConfiguration { Limits = new PluginLimits { MemoryBytes = 4 * PluginHostLimits.MebiByte } }, null, false, CancellationToken.None);

        var calls = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.CallAsync("calc", "add", [1, 2])));

        Assert.All(calls, call => Assert.Equal(FailureCode.InitFailed, call.Result.Failure?.Code));
        Assert.Equal(0, host.Services.GetRequiredService<InstanceCapacity>().Count);
    }

    private static PoolStatistics Pool(PluginHostFixture host, string plugin) => Assert.Single(host.Plugins.Statistics(plugin).Value!.Pools);
}
