using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Invocation;

/// <summary>What a call through a plugin's pool may allocate: the budget is a little above what was measured, so that what is added to the way of every call is seen.</summary>
public sealed class AllocationTests
{
    /// <summary>Bytes: an idle instance is there, and the caller has room for arguments and results.</summary>
    private const int Budget = 16;

    private const int WarmUps = 2_000;
    private const int Calls = 20_000;

    [Theory]
    [EngineData]
    public async Task Invoke_OfAnIdleInstance_AllocatesWithinItsBudget(string engine)
    {
        using var data = new TemporaryDirectory();
        await using var host = await PluginHostFixture.StartAsync(data.Path, ("Engine", engine));
        await host.UploadAsync("calc", Repository.Sample("calc"));
        var target = (await host.Invoker.ResolveAsync("calc", null, "add", CancellationToken.None)).Value!;
        using var caller = new CancellationTokenSource();
        var (arguments, results) = (new ulong[] { 1, 2 }, new ulong[1]);

        // All on this thread: with an idle instance a call has ended when it returns.
        Allocated(WarmUps);
        var allocated = Allocated(Calls);

        Assert.Equal(3UL, results[0]);
        Assert.InRange(allocated / (double)Calls, 0, Budget);

        long Allocated(int calls)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();

            for (var i = 0; i < calls; i++)
            {
                var call = host.Invoker.InvokeAsync(target, arguments, results, TimeSpan.FromSeconds(10), caller.Token);
                Assert.True(call.IsCompletedSuccessfully && call.Result.Succeeded);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
