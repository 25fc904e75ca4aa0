using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Engines;

/// <summary>
/// Go's calls may be nested as deeply as Go allows: where the host's stack or its limit on calls ends, the goroutine goes on from an empty one. What is expected
/// here is what the guest's <c>main</c> prints natively.
/// </summary>
public sealed class DepthTests
{
    private const string Guest = "depth";

    /// <summary>The server's limit on calls, and memory for a stack of two million.</summary>
    private static readonly InstanceOptions s_options = new() { MaximumCallDepth = 100_000, MaximumMemoryPages = 16_384 };

    [Theory]
    [TierData]
    public void Calls_TwoMillionDeep_GoOnToTheRightResult(string engine)
    {
        using var reactor = new Reactor(engine, Guest, s_options);

        Assert.Equal([9790276206284207865UL], reactor.Call("checksum", [2_000_000]));
        Assert.Equal([12993572921883119167UL], reactor.Call("checksum", [1_000]));
    }

    [Theory]
    [TierData("mutual", 300_000, 5755471769896465905UL)]
    [TierData("recovered", 200_000, 1000200001UL)]
    [TierData("deferred", 20_000, 1886393550464567787UL)]
    [TierData("deepGoroutines", 20_000, 14681413564133913918UL)]
    public void Calls_DeeperThanTheLimit_GoOnToTheRightResult(string engine, string export, int depth, ulong expected)
    {
        var arguments = export == "deepGoroutines" ? new ulong[] { (ulong)depth, 20 } : [(ulong)depth];
        using var reactor = new Reactor(engine, Guest, s_options with { MaximumCallDepth = 3_000 });

        Assert.Equal([expected], reactor.Call(export, arguments));
        Assert.Equal([expected], reactor.Call(export, arguments));
    }

    [Theory]
    [TierData("panics", 2_000, 12665842747475815822UL)]
    [TierData("collected", 60, 3461335397705700809UL)]
    public void Runtime_PanicsAndCollections_GiveWhatNativeGoGives(string engine, string export, int times, ulong expected)
    {
        using var reactor = new Reactor(engine, Guest, s_options);

        Assert.Equal([expected], reactor.Call(export, [(ulong)times]));
    }

    [Theory]
    [TierData(256 * 1024)]
    [TierData(512 * 1024)]
    [TierData(1_536 * 1024)]
    public void Calls_OnASmallStack_GoOnToTheRightResult(string engine, int stack)
    {
        using var reactor = new Reactor(engine, Guest, s_options);
        var (deep, wide) = (0UL, 0UL);

        SmallStack.Run(stack, () =>
        {
            deep = reactor.Call("mutual", [300_000])[0];
            wide = reactor.Call("recovered", [200_000])[0];
        });

        Assert.Equal((5755471769896465905UL, 1000200001UL), (deep, wide));
    }

    [Theory]
    [TierData]
    public void Calls_WithoutEnd_EndWithGosOwnMessage(string engine)
    {
        using var reactor = new Reactor(engine, Guest, s_options);

        var end = Record.Exception(() => reactor.Call("endless", [32 * 1024 * 1024]));

        Assert.True(end is ProcessExitException { Code: 2 } or TrapException { Kind: TrapKind.Unreachable }, $"{end}");
        Assert.Contains("stderr runtime: goroutine stack exceeds 33554432-byte limit", reactor.Output);
        Assert.Contains("stderr fatal error: stack overflow", reactor.Output);
    }

    [Theory]
    [TierData]
    public void Calls_WithoutEndInLittleMemory_EndWithGosOwnMessage(string engine)
    {
        using var reactor = new Reactor(engine, Guest, s_options with { MaximumMemoryPages = 512 });

        var end = Record.Exception(() => reactor.Call("endless", [int.MaxValue]));

        Assert.True(end is ProcessExitException { Code: 2 } or TrapException { Kind: TrapKind.Unreachable }, $"{end}");
        Assert.Contains(reactor.Output, line => line.Contains("out of memory", StringComparison.Ordinal));
    }

    [Theory]
    [TierData]
    public void Calls_WithoutEndOnASmallStack_EndWithGosOwnMessage(string engine)
    {
        using var reactor = new Reactor(engine, Guest, s_options);
        Exception? end = null;

        SmallStack.Run(256 * 1024, () => end = Record.Exception(() => reactor.Call("endless", [8 * 1024 * 1024])));

        Assert.True(end is ProcessExitException { Code: 2 } or TrapException { Kind: TrapKind.Unreachable }, $"{end}");
        Assert.Contains("stderr runtime: goroutine stack exceeds 8388608-byte limit", reactor.Output);
    }
}
