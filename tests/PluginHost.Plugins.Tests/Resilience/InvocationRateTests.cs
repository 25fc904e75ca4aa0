using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Resilience;

public sealed class InvocationRateTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    public async Task InitializeAsync()
    {
        _host = await PluginHostFixture.StartAsync(_directory.Path);
        await _host.UploadAsync("calc", ModuleBuilder.Add);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Invoke_MoreOftenThanAllowed_IsRefusedWithATimeToComeAgain()
    {
        await ConfigureAsync(new PluginLimits { InvocationsPerSecond = 1, InvocationBurst = 5 });

        var failures = new List<PluginFailure?>();

        for (var i = 0; i < 40; i++)
            failures.Add((await _host.CallAsync("calc", "add", [1, 2])).Result.Failure);

        Assert.All(failures.Take(5), Assert.Null);
        Assert.Contains(failures, failure => failure?.Code == FailureCode.RateLimited);
        Assert.All(failures.OfType<PluginFailure>(), failure => Assert.InRange(failure.RetryAfter!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Invoke_AnotherPlugin_HasItsOwnRate()
    {
        await _host.UploadAsync("other", ModuleBuilder.Add);
        await ConfigureAsync(new PluginLimits { InvocationsPerSecond = 1 });

        for (var i = 0; i < 20; i++)
        {
            await _host.CallAsync("calc", "add", [1, 2]);
            Assert.Null((await _host.CallAsync("other", "add", [1, 2])).Result.Failure);
        }
    }

    [Theory]
    [InlineData(0, null, "/limits/invocationsPerSecond")]
    [InlineData(1_000_001, null, "/limits/invocationsPerSecond")]
    [InlineData(5, 0, "/limits/invocationBurst")]
    [InlineData(null, 5, "/limits/invocationBurst")]
    public async Task Put_WrongRate_NamesIt(int? rate, int? burst, string pointer)
    {
        var put = await _host.Plugins.PutAsync(
            "calc", new PluginConfiguration(limits: new PluginLimits { InvocationsPerSecond = rate, InvocationBurst = burst }), null, mustNotExist: false, CancellationToken.None);

        Assert.Equal([pointer], put.Failure!.Errors!.Keys);
    }

    private async Task ConfigureAsync(PluginLimits limits)
    {
        var put = await _host.Plugins.PutAsync("calc", new PluginConfiguration(limits: limits), null, mustNotExist: false, CancellationToken.None);
        Assert.True(put.Succeeded, put.Failure?.ToString());
    }
}
