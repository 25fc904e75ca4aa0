using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Tests.HostFunctions;

/// <summary>Functions of an application's own, called by a Go module with every type that Go can pass.</summary>
public sealed class HostModuleTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;
    private Action? _cancelled;

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path, TimeProvider.System, services => services.AddHostModule(_ => Acme()));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Functions_OfEveryType_PassTheirValues()
    {
        await UploadAsync();

        var (result, values) = await _host.CallAsync("acme-guest", "check", []);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal(0UL, Assert.Single(values));
    }

    [Fact]
    public async Task Upload_ModuleNotGranted_ProposesIt()
    {
        var outcome = await _host.Plugins.UploadAsync("ungranted", new MemoryStream(Guest()), CancellationToken.None);

        Assert.Equal(FailureCode.MissingGrant, outcome.Failure?.Code);
        Assert.Contains("acme.greet", outcome.Failure!.Functions!, StringComparer.Ordinal);
        Assert.Equal(["acme"], outcome.Failure.Configuration!.Grants.Modules!);
    }

    [Fact]
    public async Task Call_GrantTakenAway_IsDeniedOrTraps()
    {
        await UploadAsync();
        await _host.GrantAsync("acme-guest", new PluginGrants());

        // A result that is no i64 has no room for an error.
        var (denied, values) = await _host.CallAsync("acme-guest", "wait", [1]);
        var (trapped, _) = await _host.CallAsync("acme-guest", "check", []);

        Assert.True(denied.Succeeded, denied.Failure?.ToString());
        Assert.Equal(-4L, (long)Assert.Single(values));
        Assert.Equal((FailureCode.Trap, TrapKind.Unreachable), (trapped.Failure?.Code, trapped.Failure?.Trap));
    }

    [Fact]
    public async Task Call_FunctionThrows_IsTheHostsFaultAndTheNextCallWorks()
    {
        await UploadAsync();

        var (failed, _) = await _host.CallAsync("acme-guest", "broken", []);
        var (after, _) = await _host.CallAsync("acme-guest", "check", []);

        Assert.Equal(FailureCode.InternalError, failed.Failure?.Code);
        Assert.DoesNotContain("of the application's own", failed.Failure!.Detail, StringComparison.Ordinal);
        Assert.True(after.Succeeded, after.Failure?.ToString());
    }

    [Fact]
    public async Task Call_DeadlineWhileTheFunctionWaits_EndsTheGuest()
    {
        await UploadAsync();

        var (result, _) = await _host.CallAsync("acme-guest", "wait", [60_000], deadline: TimeSpan.FromMilliseconds(200));

        Assert.Equal(FailureCode.DeadlineExceeded, result.Failure?.Code);
    }

    [Fact]
    public async Task Call_CallerGivesUpWhileTheFunctionWaits_EndsTheGuest()
    {
        await UploadAsync();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var (result, _) = await _host.CallAsync("acme-guest", "wait", [60_000], cancellation: cancellation.Token);

        Assert.Equal(FailureCode.Cancelled, result.Failure?.Code);
    }

    [Fact]
    public async Task Call_FunctionThatIsBadAtBeingCancelled_KeepsNoDeadlineFromOthers()
    {
        await UploadAsync();
        using var release = new ManualResetEventSlim();
        _cancelled = () =>
        {
            release.Wait(TimeSpan.FromSeconds(30));
            throw new InvalidOperationException("A bug of the application's own.");
        };

        var (stubborn, _) = await _host.CallAsync("acme-guest", "wait", [60_000], deadline: TimeSpan.FromMilliseconds(100));
        var (next, _) = await _host.CallAsync("acme-guest", "wait", [60_000], deadline: TimeSpan.FromMilliseconds(100));
        release.Set();

        Assert.Equal((FailureCode.DeadlineExceeded, FailureCode.DeadlineExceeded), (stubborn.Failure?.Code, next.Failure?.Code));
    }

    [Fact]
    public void Add_TypesThatCannotPass_AreRefused()
    {
        var module = new HostModule("refusing");

        Assert.Throws<ArgumentException>(() => module.Add("a", (object anything) => 1));
        Assert.Throws<ArgumentException>(() => module.Add("b", (short number) => 1));
        Assert.Throws<ArgumentException>(() => module.Add("c", (in WithText text) => 1));
        Assert.Throws<ArgumentException>(() => module.Add("d", (in WithBoolean flag) => 1));
        Assert.Throws<ArgumentException>(() => module.Add("e", (in Packed packed) => 1));
        Assert.Throws<ArgumentException>(() => module.Add("f", () => DateTime.UnixEpoch));
        Assert.Throws<ArgumentException>(() => module.Add("g", (ref bool flag) => 1));
        Assert.Throws<ArgumentException>(() => module.Add("h", (Order byValue) => 1));
    }

    [Theory]
    [InlineData("pluginhost")]
    [InlineData("wasi_snapshot_preview1")]
    [InlineData("with space")]
    public void Module_NameThatIsNotFree_IsRefused(string name) => Assert.Throws<ArgumentException>(() => new HostModule(name));

    [Fact]
    public void Add_SameNameTwice_IsRefused() => Assert.Throws<ArgumentException>(() => new HostModule("twice").Add("f", () => 1).Add("f", () => 2));

    private static byte[] Guest() => Repository.Guest("acme", "PluginHost.Plugins.Tests");

    private HostModule Acme() => new HostModule("acme")
        .Add("scalars", (bool b, int i, uint u, long l, ulong m, float f, double d) => b && (i, u, l, m, f, d) == (-1, uint.MaxValue, long.MinValue, 1UL << 63, 0.5f, 0.25) ? 42.5 : 0)
        .Add("greet", (string name, int times) => string.Concat(Enumerable.Repeat($"Hello {name}! ", times)))
        .Add("reverse", (Span<byte> bytes) => bytes.Reverse())
        .Add("total", (in Order order) => order.Price * order.Count)
        .Add("discount", (ref Order order, int percent) => { order.Price -= order.Price * percent / 100; })
        .Add("newest", Newest)
        .Add("later", LaterAsync)
        .Add("who", (HostCaller caller) => $"{caller.Plugin}/{caller.Version}/{caller.Export}")
        .Add("find", (string key) => key switch
        {
            "there" => HostResult.Taken("found"),
            "denied" => HostResult.Error(HostError.Denied, "not yours"),
            _ => HostError.NotFound,
        })
        .Add("fail", new Action(() => throw new InvalidOperationException("A bug of the application's own.")));

    private static bool Newest(out Order order)
    {
        order = new Order { Id = 1UL << 50, Count = -5, Flag = 255, Price = 1e300 };
        order.Sizes[2] = ushort.MaxValue;
        return true;
    }

    private async Task<string> LaterAsync(int milliseconds, CancellationToken cancellation)
    {
        await using var registration = cancellation.Register(() => _cancelled?.Invoke());
        await Task.Delay(milliseconds, cancellation);
        return "later";
    }

    private async Task UploadAsync()
    {
        await _host.GrantAsync("acme-guest", new PluginGrants { Modules = ["acme"] });
        await _host.UploadAsync("acme-guest", Guest());
    }

    private readonly record struct WithText(string Text);

    private readonly record struct WithBoolean(bool Flag);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Packed(byte Flag, long Number);
}
