using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Telemetry;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Telemetry;

public sealed class PluginActivityTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new();
    private PluginHostFixture _host = null!;

    private PluginActivity Activity => _host.Services.GetRequiredService<PluginActivity>();

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path, _clock);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Of_InvocationsOfAnInterval_AreARateOfThatIntervalAlone()
    {
        await _host.UploadAsync("add", ModuleBuilder.Add);
        await CallAsync(10);
        Look();
        await CallAsync(20);
        Look();
        Look();

        var samples = Activity.Of("add");

        // The clock that the test moves runs by itself too, so that the intervals are a little longer.
        Assert.Equal(3, samples.Count);
        Assert.InRange(samples[0].Invocations, 0.1, 2);
        Assert.InRange(samples[1].Invocations, 0.2, 4);
        Assert.Equal(0, samples[2].Invocations);
        Assert.All(samples, sample => Assert.Equal(0, sample.Failures));
        Assert.Equal(0, samples[2].P99);
        Assert.Equal(1, samples[2].Instances);
    }

    [Fact]
    public async Task Of_MoreSamplesThanAreKept_AreTheNewest()
    {
        await _host.UploadAsync("add", ModuleBuilder.Add);
        await CallAsync(5);

        for (var i = 0; i < PluginActivity.MaximumSamples + 3; i++)
            Look();

        Assert.Equal(PluginActivity.MaximumSamples, Activity.Of("add").Count);
        Assert.All(Activity.Of("add"), sample => Assert.Equal(0, sample.Invocations));
    }

    [Fact]
    public async Task Of_PluginNeverInvokedOrDeleted_IsNothing()
    {
        await _host.UploadAsync("add", ModuleBuilder.Add);
        await _host.UploadAsync("never", ModuleBuilder.Add);
        await CallAsync(5);
        Look();
        await _host.Plugins.DeleteAsync("add", null, CancellationToken.None);
        await _host.UploadAsync("add", ModuleBuilder.Add);
        Look();

        Assert.Empty(Activity.Of("never"));
        Assert.Empty(Activity.Of("add"));
    }

    private void Look()
    {
        _clock.Advance(PluginActivity.Interval);
        Activity.Look();
    }

    private async Task CallAsync(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.Null((await _host.CallAsync("add", "add", [1, 2])).Result.Failure);
    }
}
