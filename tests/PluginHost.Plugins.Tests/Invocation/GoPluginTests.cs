using System.Diagnostics;
using PluginHost.Plugins.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Tests.Invocation;

/// <summary>Stock Go modules: the samples of the repository.</summary>
public sealed class GoPluginTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Upload_Calc_DescribesItAndAnswersWithTheUploadsInstance()
    {
        var version = await _host.UploadAsync("calc", Repository.Sample("calc"));

        var (result, values) = await _host.CallAsync("calc", "add", [1, 2]);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal([3UL], values);
        Assert.Contains(version.Metadata.Exports, export => export.Name == "sum15" && export.Parameters.Count == 15);
        Assert.DoesNotContain(version.Metadata.Exports, export => export.Name == "_initialize");
        Assert.Contains(version.Metadata.Imports, import => import.Name == "fd_write");
        Assert.Equal(version.Metadata.Imports.Count, version.Metadata.Imports.Distinct().Count());
        Assert.StartsWith("go1.24", version.Metadata.GoVersion, StringComparison.Ordinal);
        Assert.NotNull(version.Metadata.MainModule);
        Assert.Equal("wasm", version.Metadata.BuildSettings["GOARCH"]);
        Assert.Equal(1, Assert.Single(_host.Plugins.Statistics("calc").Value!.Pools).Created);
    }

    [Fact]
    public async Task Restart_WithCalc_AnswersAgain()
    {
        await _host.UploadAsync("calc", Repository.Sample("calc"));
        await _host.DisposeAsync();

        _host = await PluginHostFixture.StartAsync(_directory.Path);

        Assert.Equal(3UL, Assert.Single((await _host.CallAsync("calc", "add", [1, 2])).Values));
    }

    [Fact]
    public async Task Invoke_Counter_KeepsItsStateBetweenCalls()
    {
        await _host.UploadAsync("counter", Repository.Sample("counter"));

        await _host.CallAsync("counter", "increment", []);
        await _host.CallAsync("counter", "increment", []);

        Assert.Equal(2UL, Assert.Single((await _host.CallAsync("counter", "get", [])).Values));
    }

    [Theory]
    [InlineData("panicText", "panic: ")]
    [InlineData("nilDereference", "panic: runtime error: invalid memory address or nil pointer dereference")]
    [InlineData("deadlock", "fatal error: all goroutines are asleep - deadlock!")]
    [InlineData("goexit", "fatal error: no goroutines (main called runtime.Goexit) - deadlock!")]
    public async Task Invoke_ExportThatPanics_ReportsGosOwnWordsAndAnswersTheNextCall(string export, string panic)
    {
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", export, []);
        var (after, values) = await _host.CallAsync("faults", "fine", [7]);

        Assert.Equal((FailureCode.Trap, TrapKind.Unreachable, InstanceFate.Discarded), (result.Failure?.Code, result.Failure?.Trap, result.Failure?.Instance));
        Assert.StartsWith(panic, result.Failure!.Panic, StringComparison.Ordinal);
        Assert.NotEmpty(result.Failure.StandardError!);
        Assert.Contains("runtime.abort", result.Failure.Frames!, StringComparer.Ordinal);
        Assert.True(after.Succeeded, after.Failure?.ToString());
        Assert.Equal([7UL], values);
    }

    [Fact]
    public async Task Invoke_ExportThatExits_ReportsTheCode()
    {
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", "exit", [unchecked((uint)-3)]);

        Assert.Equal((FailureCode.GuestExit, unchecked((uint)-3)), (result.Failure?.Code, result.Failure?.ExitCode));
    }

    [Theory]
    [InlineData("loop")]
    [InlineData("sleepForever")]
    public async Task Invoke_ExportThatNeverEnds_EndsAtTheDeadline(string export)
    {
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", export, [], deadline: TimeSpan.FromMilliseconds(100));

        Assert.Equal(FailureCode.DeadlineExceeded, result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_EndlessAllocation_IsOutOfMemory()
    {
        await _host.Plugins.PutAsync(
            "faults", new PluginConfiguration { Limits = new PluginLimits { MemoryBytes = 32 * PluginHostLimits.MebiByte } }, null, false, CancellationToken.None);
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", "allocateForever", []);

        Assert.Equal(FailureCode.GuestOutOfMemory, result.Failure?.Code);
    }

    [Fact]
    public async Task Invoke_EndlessRecursion_EndsWithoutTheServer()
    {
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", "recurseForever", [0]);

        Assert.Equal(InstanceFate.Discarded, result.Failure?.Instance);
        Assert.True((await _host.CallAsync("faults", "fine", [7])).Result.Succeeded);
    }

    [Fact]
    public async Task Invoke_BigOutput_IsBoundedAndTheGuestSucceeds()
    {
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", "output", [10_000_000]);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.InRange(_host.Plugins.Logs("faults").Value!.Sum(line => line.Text.Length), 1, 70_000);
    }

    [Fact]
    public async Task Invoke_OutputByLines_StandsInTheLogWithItsOrigin()
    {
        await _host.UploadAsync("faults", Repository.Sample("faults"));

        var (result, _) = await _host.CallAsync("faults", "outputLines", [3]);
        var lines = _host.Plugins.Logs("faults").Value!;

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal((result.Invocation, 1), (line.Invocation, line.Version)));
        Assert.Equal(lines.Select(line => line.Sequence).Order().ToArray(), lines.Select(line => line.Sequence).ToArray());
    }

    [Fact]
    public async Task Upload_PanicInAnInitFunction_IsInitFailedWithGosWords()
    {
        var outcome = await _host.Plugins.UploadAsync("faults-init", new MemoryStream(Repository.Sample("faults-init")), CancellationToken.None);

        Assert.Equal(FailureCode.InitFailed, outcome.Failure?.Code);
        Assert.StartsWith("panic: ", outcome.Failure!.Panic, StringComparison.Ordinal);
        Assert.NotEmpty(outcome.Failure.StandardError!);
    }

    [Fact]
    public async Task Invoke_SixtyFourSleepers_LeavesTheOtherPluginsAnswering()
    {
        await _host.Plugins.PutAsync(
            "goroutines", new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 64 } }, null, false, CancellationToken.None);
        await _host.UploadAsync("goroutines", Repository.Sample("goroutines"));
        await _host.UploadAsync("calc", Repository.Sample("calc"));
        using var cancellation = new CancellationTokenSource();
        var sleepers = Enumerable.Range(0, 64)
            .Select(_ => Task.Run(() => _host.CallAsync("goroutines", "sleep", [60_000], cancellation: cancellation.Token)))
            .ToList();

        while (_host.Plugins.Statistics("goroutines").Value!.Running < 64)
            await Task.Delay(10);

        for (var call = 0; call < 100; call++)
            Assert.Equal(3UL, Assert.Single((await _host.CallAsync("calc", "add", [1, 2])).Values));

        Assert.All(sleepers, sleeper => Assert.False(sleeper.IsCompleted));
        await cancellation.CancelAsync();
        Assert.All(await Task.WhenAll(sleepers), call => Assert.Equal(FailureCode.Cancelled, call.Result.Failure?.Code));
    }

    [Theory]
    [InlineData("calc")]
    [InlineData("text")]
    public async Task Validate_TruncationsAndFlips_AlwaysGiveAReport(string sample)
    {
        var module = Repository.Sample(sample);
        var random = new Random(20260103);
        var until = Stopwatch.StartNew();

        for (var round = 0; round < 60 && until.Elapsed < TimeSpan.FromSeconds(20); round++)
        {
            var bytes = round % 2 == 0 ? module[..random.Next(module.Length)] : [.. module];

            for (var flips = round % 2 * random.Next(1, 20); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

            var report = await _host.Plugins.ValidateAsync(new MemoryStream(bytes), CancellationToken.None);

            Assert.True(report.Succeeded, report.Failure?.ToString());
            Assert.NotEqual(FailureCode.InternalError, report.Value.Problem?.Code);
        }
    }
}
