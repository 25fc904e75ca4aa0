using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Aliases;

public sealed class PluginAliasesTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    private PluginAliases Aliases => _host.Services.GetRequiredService<PluginAliases>();

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Put_Weights_InvocationsGoToBothVersions()
    {
        await UploadAsync(2);

        await MoveAsync((1, 50), (2, 50));
        var answers = await CallsAsync(400);

        Assert.All(answers, answer => Assert.Equal(answer.Ordinal, (int)answer.Value));
        Assert.Equal([1, 2], answers.Select(answer => answer.Ordinal).Distinct().Order());
    }

    [Fact]
    public async Task Put_WhileInvocationsRun_NoneIsLostAndNoneGetsTheValueOfAnotherVersion()
    {
        await UploadAsync(3);
        using var end = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => CallUntilAsync(end.Token))).ToList();

        for (var move = 0; move < 60; move++)
        {
            var first = 1 + (move % 3);

            if (move % 5 == 4)
                await Aliases.RollBackAsync("value", "live", null, CancellationToken.None);
            else
                await MoveAsync((first, 1 + (move % 7)), (1 + (first % 3), 3));
        }

        await end.CancelAsync();
        var answers = (await Task.WhenAll(callers)).SelectMany(answer => answer).ToList();

        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal(answer.Ordinal, (int)answer.Value));
    }

    [Fact]
    public async Task RollBack_AgainAndAgain_WalksBackAndEndsAtTheFirstState()
    {
        await UploadAsync(3);
        await MoveAsync((2, 95), (3, 5));

        Assert.Equal("3:100", await BackAsync());
        Assert.Equal("2:100", await BackAsync());
        Assert.Equal("1:100", await BackAsync());
        var end = await Aliases.RollBackAsync("value", "live", null, CancellationToken.None);

        Assert.Equal(FailureCode.NothingToRollBack, end.Failure?.Code);
        Assert.Equal(1, (int)(await CallsAsync(1))[0].Value);
    }

    [Fact]
    public async Task RollBack_TheVersionBeforeWasDeleted_IsPassedOver()
    {
        await UploadAsync(3);
        Assert.True((await _host.Plugins.DeleteVersionAsync("value", "2", CancellationToken.None)).Succeeded);

        Assert.Equal("1:100", await BackAsync());
    }

    [Fact]
    public async Task Restart_AliasesAndTheirHistoryAreThere()
    {
        await UploadAsync(3);
        await MoveAsync((1, 1), (3, 9));
        Assert.True((await Aliases.PutAsync("value", "staging", [new AliasTarget(2)], null, CancellationToken.None)).Succeeded);
        await _host.DisposeAsync();

        _host = await PluginHostFixture.StartAsync(_directory.Path);

        Assert.Equal("1:1 3:9", Text(Aliases.Get("value", "live").Value!));
        Assert.Equal("2:100", Text(Aliases.Get("value", "staging").Value!));
        Assert.Equal("3:100", await BackAsync());
    }

    [Fact]
    public async Task Upload_LiveIsSplit_StaysAsItIs()
    {
        await UploadAsync(2);
        await MoveAsync((1, 95), (2, 5));

        await _host.UploadAsync("value", Module(3));

        Assert.Equal("1:95 2:5", Text(Aliases.Get("value", "live").Value!));
    }

    [Fact]
    public async Task Upload_NotActivated_GetsNoInvocation()
    {
        var first = await _host.Plugins.UploadAsync("value", new MemoryStream(Module(1)), new UploadOptions(Activate: false), CancellationToken.None);
        var before = await _host.Invoker.ResolveAsync("value", null, "value", CancellationToken.None);
        var pinned = await _host.CallAsync("value", "value", [], version: "1");

        Assert.True(first.Succeeded);
        Assert.Equal(FailureCode.VersionNotFound, before.Failure?.Code);
        Assert.Equal(1UL, pinned.Values[0]);
    }

    [Fact]
    public async Task Delete_AVersionThatAnAliasPointsAt_IsRefusedByTheAliasesName()
    {
        await UploadAsync(2);
        await MoveAsync((1, 1), (2, 99));

        var deleted = await _host.Plugins.DeleteVersionAsync("value", "1", CancellationToken.None);

        Assert.Equal(FailureCode.InUse, deleted.Failure?.Code);
        Assert.Equal(["live"], deleted.Failure?.Available);
    }

    [Fact]
    public async Task Put_AVersionThatCannotStart_LiveStaysWhereItIs()
    {
        await UploadAsync(1);
        var large = new ModuleBuilder().Memory(32).Function("value", [], [ModuleBuilder.I32], 0x41, 2).ToArray();
        await _host.Plugins.UploadAsync("value", new MemoryStream(large), new UploadOptions(Activate: false), CancellationToken.None);

        // With less memory than it begins with no instance of it starts any more.
        var limits = new PluginLimits { MemoryBytes = 16 * 65_536 };
        var configured = await _host.Plugins.PutAsync("value", new PluginConfiguration(limits: limits), null, mustNotExist: false, CancellationToken.None);
        Assert.True(configured.Succeeded, configured.Failure?.ToString());

        var put = await Aliases.PutAsync("value", "live", [new AliasTarget(2)], _ => true, CancellationToken.None);

        Assert.Equal(FailureCode.InitFailed, put.Failure?.Code);
        Assert.Equal("1:100", Text(Aliases.Get("value", "live").Value!));
    }

    private static byte[] Module(byte value) => new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, value).ToArray();

    private static string Text(Alias alias) => string.Join(' ', alias.Targets.Select(target => $"{target.Version}:{target.Weight}"));

    private async Task UploadAsync(byte versions)
    {
        for (byte version = 1; version <= versions; version++)
            await _host.UploadAsync("value", Module(version));
    }

    private async Task MoveAsync(params (int Version, int Weight)[] targets)
    {
        var put = await Aliases.PutAsync("value", "live", [.. targets.Select(target => new AliasTarget(target.Version, target.Weight))], _ => true, CancellationToken.None);
        Assert.True(put.Succeeded, put.Failure?.ToString());
    }

    private async Task<string> BackAsync()
    {
        var back = await Aliases.RollBackAsync("value", "live", null, CancellationToken.None);

        Assert.True(back.Succeeded, back.Failure?.ToString());
        return Text(back.Value);
    }

    private async Task<List<(int Ordinal, ulong Value)>> CallsAsync(int count)
    {
        var answers = new List<(int Ordinal, ulong Value)>();

        while (answers.Count < count)
            answers.Add(await CallAsync());

        return answers;
    }

    private async Task<List<(int Ordinal, ulong Value)>> CallUntilAsync(CancellationToken end)
    {
        var answers = new List<(int Ordinal, ulong Value)>();

        do
            answers.Add(await CallAsync());
        while (!end.IsCancellationRequested);

        return answers;
    }

    private async Task<(int Ordinal, ulong Value)> CallAsync()
    {
        var target = await _host.Invoker.ResolveAsync("value", null, "value", CancellationToken.None);
        Assert.True(target.Succeeded, target.Failure?.ToString());
        var results = new ulong[1];
        var result = await _host.Invoker.InvokeAsync(target.Value, ReadOnlyMemory<ulong>.Empty, results, null, CancellationToken.None);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        return (target.Value.Ordinal, results[0]);
    }
}
