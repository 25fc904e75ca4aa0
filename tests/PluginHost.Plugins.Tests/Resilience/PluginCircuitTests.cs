using PluginHost.Plugins.Resilience;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Resilience;

public sealed class PluginCircuitTests : IAsyncLifetime
{
    private static readonly CircuitConfiguration Quick = new() { FailureRatio = 0.5, MinimumInvocations = 10, WindowSeconds = 30, BreakSeconds = 5 };

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new();
    private PluginHostFixture _host = null!;

    private CircuitState State => _host.Plugins.Statistics("parity").Value!.Circuit;

    public async Task InitializeAsync()
    {
        _host = await PluginHostFixture.StartAsync(_directory.Path, _clock);

        // Traps where it is given 1.
        await _host.UploadAsync("parity", new ModuleBuilder().Function("run", [ModuleBuilder.I32], [ModuleBuilder.I32], 0x20, 0, 0x04, 0x40, 0x00, 0x0B, 0x41, 7).ToArray());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Invoke_ThePluginKeepsFailing_IsRefusedUntilATrialSucceeds()
    {
        await ConfigureAsync(Quick);

        var codes = await CallAsync(20, argument: 1);
        var refused = await _host.CallAsync("parity", "run", [0]);
        var created = Created();

        Assert.Contains(FailureCode.Trap, codes);
        Assert.Equal(FailureCode.CircuitOpen, codes[^1]);
        Assert.Equal(FailureCode.CircuitOpen, refused.Result.Failure?.Code);
        Assert.InRange(refused.Result.Failure!.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal(CircuitState.Open, State);

        // Refusals cost no instance.
        await CallAsync(50, argument: 1);
        Assert.Equal(created, Created());

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Null((await _host.CallAsync("parity", "run", [0])).Result.Failure);
        Assert.Equal(CircuitState.Closed, State);
    }

    [Fact]
    public async Task Invoke_TheTrialFails_TheCircuitStaysOpen()
    {
        await ConfigureAsync(Quick);
        await CallAsync(20, argument: 1);
        _clock.Advance(TimeSpan.FromSeconds(6));

        var trial = await _host.CallAsync("parity", "run", [1]);
        var after = await _host.CallAsync("parity", "run", [0]);

        Assert.Equal(FailureCode.Trap, trial.Result.Failure?.Code);
        Assert.Equal(FailureCode.CircuitOpen, after.Result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_FewFailuresAmongMany_NoneIsRefused()
    {
        await ConfigureAsync(Quick);

        for (var i = 0; i < 200; i++)
            Assert.NotEqual(FailureCode.CircuitOpen, (await _host.CallAsync("parity", "run", [i % 4 == 0 ? 1UL : 0])).Result.Failure?.Code);

        Assert.Equal(CircuitState.Closed, State);
    }

    [Fact]
    public async Task Invoke_ShortDeadlinesOfCallers_AreNotThePluginsFault()
    {
        await ConfigureAsync(Quick);

        for (var i = 0; i < 40; i++)
            Assert.Equal(FailureCode.DeadlineExceeded, (await _host.CallAsync("parity", "run", [0], deadline: TimeSpan.Zero)).Result.Failure?.Code);

        Assert.Null((await _host.CallAsync("parity", "run", [0])).Result.Failure);
    }

    [Fact]
    public async Task Invoke_TheCircuitIsDisabled_NoneIsRefused()
    {
        await ConfigureAsync(Quick with { Enabled = false });

        Assert.All(await CallAsync(100, argument: 1), code => Assert.Equal(FailureCode.Trap, code));
        Assert.Equal(CircuitState.Disabled, State);
    }

    [Fact]
    public async Task Put_AnotherConfiguration_ClosesTheCircuit()
    {
        await ConfigureAsync(Quick);
        await CallAsync(20, argument: 1);
        Assert.Equal(CircuitState.Open, State);

        await ConfigureAsync(Quick with { BreakSeconds = 6 });

        Assert.Null((await _host.CallAsync("parity", "run", [0])).Result.Failure);
    }

    [Theory]
    [InlineData(0.0, null, null, null, "/circuit/failureRatio")]
    [InlineData(1.5, null, null, null, "/circuit/failureRatio")]
    [InlineData(double.NaN, null, null, null, "/circuit/failureRatio")]
    [InlineData(null, 1, null, null, "/circuit/minimumInvocations")]
    [InlineData(null, null, 0, null, "/circuit/windowSeconds")]
    [InlineData(null, null, null, 4_000, "/circuit/breakSeconds")]
    public async Task Put_WrongCircuit_NamesIt(double? ratio, int? minimum, int? window, int? pause, string pointer)
    {
        var circuit = new CircuitConfiguration { FailureRatio = ratio, MinimumInvocations = minimum, WindowSeconds = window, BreakSeconds = pause };

        var put = await _host.Plugins.PutAsync("parity", new PluginConfiguration(circuit: circuit), null, mustNotExist: false, CancellationToken.None);

        Assert.Equal(FailureCode.InvalidConfiguration, put.Failure?.Code);
        Assert.Equal([pointer], put.Failure!.Errors!.Keys);
    }

    private async Task ConfigureAsync(CircuitConfiguration circuit)
    {
        var put = await _host.Plugins.PutAsync("parity", new PluginConfiguration(circuit: circuit), null, mustNotExist: false, CancellationToken.None);
        Assert.True(put.Succeeded, put.Failure?.ToString());
    }

    private async Task<List<FailureCode?>> CallAsync(int count, ulong argument)
    {
        var codes = new List<FailureCode?>();

        while (codes.Count < count)
            codes.Add((await _host.CallAsync("parity", "run", [argument])).Result.Failure?.Code);

        return codes;
    }

    private long Created() => _host.Plugins.Statistics("parity").Value!.Pools.Sum(pool => pool.Created);
}
