using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.HostFunctions;

/// <summary>Key-value stores under restarts, deletions, limits and many instances at once, used by a Go module.</summary>
public sealed class KeyValueTests : IAsyncLifetime
{
    private static readonly PluginGrants Grants = new() { Kv = true, Call = ["other"], Http = new HttpGrant { Hosts = ["a.example"] } };

    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Restart_StoredValues_AreThere()
    {
        await UploadAsync("shop");
        var version = await CallAsync("shop", "set", 1, 10);
        await _host.DisposeAsync();

        await StartAsync();

        Assert.Equal((version * 10_000) + 10, await CallAsync("shop", "get", 1));
        Assert.True(await CallAsync("shop", "set", 1, 10) > version);
    }

    [Fact]
    public async Task Store_OtherPlugin_HasItsOwn()
    {
        await UploadAsync("shop");
        await UploadAsync("bank");

        await CallAsync("shop", "set", 1, 10);

        Assert.Equal(-1, await CallAsync("bank", "get", 1));
    }

    [Fact]
    public async Task Delete_Plugin_TakesItsStoreAlong()
    {
        await UploadAsync("shop");
        await CallAsync("shop", "set", 1, 10);
        Assert.True((await _host.Plugins.DeleteAsync("shop", null, CancellationToken.None)).Succeeded);

        await UploadAsync("shop");

        Assert.Equal(-1, await CallAsync("shop", "get", 1));
    }

    [Fact]
    public async Task NewVersion_OfThePlugin_HasTheSameStore()
    {
        await UploadAsync("shop");
        await CallAsync("shop", "set", 1, 10);

        await _host.UploadAsync("shop", [.. Repository.HostGuest(), 0, 2, 1, (byte)'x']);

        Assert.Equal(10, await CallAsync("shop", "get", 1) % 10_000);
        Assert.Equal(2, _host.Plugins.Get("shop").Value!.Live);
    }

    [Fact]
    public async Task CompareAndSwap_ManyInstancesAtOnce_LosesNothing()
    {
        await UploadAsync("shop");

        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CallAsync("shop", "increment", 25))));

        Assert.All(done, count => Assert.Equal(25, count));
        Assert.Equal(200, await CallAsync("shop", "counter"));
    }

    [Fact]
    public async Task Set_UpToTheLimitOfKeys_IsRefusedAndTheRestIsThere()
    {
        await RestartAsync(("Limits:StoreKeys", 20));
        await UploadAsync("shop");

        Assert.Equal(-3, await CallAsync("shop", "setMany", 1_000));
        Assert.Equal(0, await CallAsync("shop", "get", 19) % 10_000);
        Assert.Equal(-1, await CallAsync("shop", "get", 20));
        Assert.True(await CallAsync("shop", "set", 7, 5) > 0);
    }

    [Fact]
    public async Task Set_UpToTheLimitOfBytes_IsRefusedUntilThereIsRoom()
    {
        await RestartAsync(("Limits:StoreBytes", 100_000), ("Limits:StoreValueBytes", 60_000));
        await UploadAsync("shop");

        Assert.Equal(-3, await CallAsync("shop", "set", 1, 60_001));
        Assert.True(await CallAsync("shop", "set", 1, 60_000) > 0);
        Assert.Equal(-3, await CallAsync("shop", "set", 2, 60_000));
        Assert.True(await CallAsync("shop", "set", 1, 10) > 0);
        Assert.True(await CallAsync("shop", "set", 2, 60_000) > 0);
    }

    [Fact]
    public async Task Increment_DeadlineWithinIt_LeavesAStoreThatWorks()
    {
        await UploadAsync("shop");

        var (result, _) = await _host.CallAsync("shop", "increment", [1_000_000], deadline: TimeSpan.FromMilliseconds(300));

        // What was on its way when the guest was ended may still be written, before whatever comes behind it.
        await CallAsync("shop", "set", 1, 1);
        var before = await CallAsync("shop", "counter");

        Assert.Equal(FailureCode.DeadlineExceeded, result.Failure?.Code);
        Assert.Equal(1, await CallAsync("shop", "increment", 1));
        Assert.Equal(before + 1, await CallAsync("shop", "counter"));
    }

    [Fact]
    public async Task Configuration_WhileStoresAreWrittenWithoutAPause_CanBeChanged()
    {
        await UploadAsync("shop");
        var flood = Enumerable.Range(0, 8).Select(_ => Task.Run(() => _host.CallAsync("shop", "increment", [1_000_000], deadline: TimeSpan.FromSeconds(3)))).ToList();

        for (var i = 0; i < 50; i++)
            await _host.GrantAsync("other", Grants);

        Assert.Contains(flood, task => !task.IsCompleted);
        Assert.All(await Task.WhenAll(flood), call => Assert.Equal(FailureCode.DeadlineExceeded, call.Result.Failure?.Code));
    }

    private async Task StartAsync(params (string, object)[] settings) => _host = await PluginHostFixture.StartAsync(_directory.Path, settings);

    private async Task RestartAsync(params (string, object)[] settings)
    {
        await _host.DisposeAsync();
        await StartAsync(settings);
    }

    private async Task UploadAsync(string plugin)
    {
        await _host.GrantAsync(plugin, Grants);
        await _host.UploadAsync(plugin, Repository.HostGuest());
    }

    private async Task<long> CallAsync(string plugin, string export, params int[] arguments)
    {
        var (result, values) = await _host.CallAsync(plugin, export, [.. arguments.Select(argument => (ulong)(uint)argument)]);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        return (long)Assert.Single(values);
    }
}
