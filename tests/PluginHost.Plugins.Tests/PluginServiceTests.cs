using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests;

public sealed class PluginServiceTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    private static byte[] Constant(byte value) => new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, value).ToArray();

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Upload_ValidModule_MakesThePluginItsFirstVersionAndTheAlias()
    {
        var outcome = await _host.Plugins.UploadAsync("calc", new MemoryStream(ModuleBuilder.Add), CancellationToken.None);

        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        Assert.True(outcome.Value.Created);
        Assert.Equal(1, outcome.Value.Version.Ordinal);
        Assert.Equal(ModuleBuilder.Add.Length, outcome.Value.Version.Size);
        var export = Assert.Single(outcome.Value.Version.Metadata.Exports);
        Assert.Equal("add", export.Name);
        Assert.Equal(["i32", "i32"], export.Parameters.ToArray());
        Assert.Equal(["i32"], export.Results.ToArray());
        Assert.Equal(1, _host.Plugins.Get("calc").Value?.Live);
    }

    [Fact]
    public async Task Upload_SameBytesAgain_IsTheSameVersion()
    {
        await _host.UploadAsync("calc", ModuleBuilder.Add);

        var again = await _host.Plugins.UploadAsync("calc", new MemoryStream(ModuleBuilder.Add), CancellationToken.None);

        Assert.False(again.Value?.Created);
        Assert.Equal(1, again.Value?.Version.Ordinal);
        Assert.Single(_host.Plugins.Versions("calc").Value!);
    }

    [Fact]
    public async Task Upload_ManyAtOnce_GivesEveryVersionItsOwnOrdinalWithoutGaps()
    {
        var uploads = Enumerable.Range(0, 12).Select(index => _host.UploadAsync("calc", Constant((byte)(index / 2))));

        var versions = await Task.WhenAll(uploads);

        Assert.Equal([1, 2, 3, 4, 5, 6], versions.Select(version => version.Ordinal).Distinct().Order().ToArray());
        Assert.Equal(6, _host.Plugins.Get("calc").Value?.VersionCount);
    }

    [Fact]
    public async Task Upload_InvalidName_IsRefusedBeforeTheBodyIsRead()
    {
        using var body = new EndlessStream();

        var outcome = await _host.Plugins.UploadAsync("../x", body, CancellationToken.None);

        Assert.Equal(FailureCode.InvalidName, outcome.Failure?.Code);
        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task Upload_TooLargeModule_IsRefused()
    {
        await using var small = await PluginHostFixture.StartAsync(Path.Combine(_directory.Path, "small"), ("Limits:MaximumModuleBytes", 100_000));
        using var body = new EndlessStream();

        var outcome = await small.Plugins.UploadAsync("calc", body, CancellationToken.None);

        Assert.Equal(FailureCode.ModuleTooLarge, outcome.Failure?.Code);
        Assert.Equal(FailureCode.PluginNotFound, small.Plugins.Get("calc").Failure?.Code);
    }

    [Fact]
    public async Task Upload_BodyThatBreaksOff_LeavesNothing()
    {
        using var body = new EndlessStream { FailAt = 100_000 };

        await Assert.ThrowsAsync<IOException>(() => _host.Plugins.UploadAsync("calc", body, CancellationToken.None));

        Assert.Equal(FailureCode.PluginNotFound, _host.Plugins.Get("calc").Failure?.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Path, "incoming")));
    }

    [Fact]
    public async Task Upload_RefusedModule_LeavesNothing()
    {
        var outcome = await _host.Plugins.UploadAsync("calc", new MemoryStream("{}"u8.ToArray()), CancellationToken.None);

        Assert.Equal(FailureCode.InvalidModule, outcome.Failure?.Code);
        Assert.Equal(FailureCode.PluginNotFound, _host.Plugins.Get("calc").Failure?.Code);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*.wasm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Upload_MoreThanTheCatalogHolds_IsRefused()
    {
        await using var small = await PluginHostFixture.StartAsync(
            Path.Combine(_directory.Path, "small"), ("Limits:MaximumPlugins", 1), ("Limits:MaximumVersions", 1));
        await small.UploadAsync("one", Constant(1));

        var version = await small.Plugins.UploadAsync("one", new MemoryStream(Constant(2)), CancellationToken.None);
        var plugin = await small.Plugins.UploadAsync("two", new MemoryStream(Constant(2)), CancellationToken.None);

        Assert.Equal(FailureCode.CatalogFull, version.Failure?.Code);
        Assert.Equal(FailureCode.CatalogFull, plugin.Failure?.Code);
        Assert.Single(Directory.EnumerateFiles(_directory.Path, "*.wasm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Restart_AfterUploads_KeepsVersionsConfigurationAndCalls()
    {
        await _host.UploadAsync("calc", Constant(1));
        var second = await _host.UploadAsync("calc", Constant(2));
        await _host.Plugins.PutAsync("calc", new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 3 } }, null, false, CancellationToken.None);
        await _host.DisposeAsync();

        _host = await PluginHostFixture.StartAsync(_directory.Path);

        var plugin = _host.Plugins.Get("calc").Value!;
        Assert.Equal((2, 2, 3, 2L), (plugin.Live, plugin.VersionCount, plugin.Configuration.Pool.Maximum, plugin.Revision));
        Assert.Equal(second.UploadedAt, _host.Plugins.Version("calc", null).Value?.UploadedAt);
        Assert.Equal(2UL, Assert.Single((await _host.CallAsync("calc", "value", [])).Values));
        Assert.Equal(1UL, Assert.Single((await _host.CallAsync("calc", "value", [], version: "1")).Values));
    }

    [Fact]
    public Task Upload_OfAVersionWhoseFileWasLost_RestoresIt() => AssertRestoredAsync(file =>
    {
        File.Delete(file);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Upload_OfAVersionWhoseFileWasDamaged_RestoresIt(bool isOfTheSameLength) => AssertRestoredAsync(async file =>
    {
        var damaged = await File.ReadAllBytesAsync(file);
        damaged[^1] ^= 0xFF;
        await File.WriteAllBytesAsync(file, isOfTheSameLength ? damaged : damaged[..^1]);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_OfAVersionThatIsDeletedMeanwhile_IsNotFoundAndLeavesNoInstance(bool withThePlugin)
    {
        await _host.UploadAsync("calc", Constant(1));
        await _host.UploadAsync("other", Constant(1));
        await _host.UploadAsync("calc", Constant(2));
        var entry = _host.Services.GetRequiredService<PluginRegistry>().Find("calc").Value!;
        var found = entry.Find("1").Value!;
        var deleted = withThePlugin
            ? (await _host.Plugins.DeleteAsync("calc", null, CancellationToken.None)).Failure
            : (await _host.Plugins.DeleteVersionAsync("calc", "1", CancellationToken.None)).Failure;

        var loaded = await _host.Services.GetRequiredService<VersionLoader>().LoadAsync(entry, found, CancellationToken.None);

        Assert.Null(deleted);
        Assert.Equal(FailureCode.VersionNotFound, loaded.Failure?.Code);
        Assert.DoesNotContain(1, entry.Loaded.Keys);
    }

    [Fact]
    public async Task Version_BySelector_FindsOrdinalDigestAndAlias()
    {
        var first = await _host.UploadAsync("calc", Constant(1));
        await _host.UploadAsync("calc", Constant(2));

        Assert.Equal(1, _host.Plugins.Version("calc", "1").Value?.Ordinal);
        Assert.Equal(1, _host.Plugins.Version("calc", first.Digest).Value?.Ordinal);
        Assert.Equal(2, _host.Plugins.Version("calc", "live").Value?.Ordinal);
        Assert.Equal(2, _host.Plugins.Version("calc", null).Value?.Ordinal);
        Assert.Equal([2, 1], _host.Plugins.Versions("calc").Value!.Select(version => version.Ordinal).ToArray());

        foreach (var selector in (string[])["0", "3", "-1", "+1", " 1", "", "Live", "sha256:", "99999999999999999999"])
            Assert.Equal(FailureCode.VersionNotFound, _host.Plugins.Version("calc", selector).Failure?.Code);
    }

    [Fact]
    public async Task Version_OfAPluginWithoutVersions_IsNotFound()
    {
        await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, null, false, CancellationToken.None);

        Assert.Equal(FailureCode.VersionNotFound, _host.Plugins.Version("calc", null).Failure?.Code);
        Assert.Empty(_host.Plugins.Versions("calc").Value!);
    }

    [Fact]
    public async Task DeleteVersion_TheLiveOne_IsInUse()
    {
        await _host.UploadAsync("calc", Constant(1));

        var outcome = await _host.Plugins.DeleteVersionAsync("calc", "1", CancellationToken.None);

        Assert.Equal(FailureCode.InUse, outcome.Failure?.Code);
        Assert.Equal(1UL, Assert.Single((await _host.CallAsync("calc", "value", [])).Values));
    }

    [Fact]
    public async Task DeleteVersion_AnOldOne_RemovesItAndItsFile()
    {
        var old = await _host.UploadAsync("calc", Constant(1));
        await _host.UploadAsync("calc", Constant(2));
        var file = _host.Plugins.Content("calc", old.Digest).Value!.Path;

        var outcome = await _host.Plugins.DeleteVersionAsync("calc", "1", CancellationToken.None);

        Assert.True(outcome.Succeeded);
        Assert.False(File.Exists(file));
        Assert.Equal(FailureCode.VersionNotFound, _host.Plugins.Version("calc", "1").Failure?.Code);
        Assert.Equal(2UL, Assert.Single((await _host.CallAsync("calc", "value", [])).Values));
    }

    [Fact]
    public async Task Delete_PluginThatSharesAModule_KeepsTheFileOfTheOther()
    {
        await _host.UploadAsync("one", Constant(1));
        await _host.UploadAsync("two", Constant(1));

        var outcome = await _host.Plugins.DeleteAsync("one", null, CancellationToken.None);

        Assert.True(outcome.Succeeded);
        Assert.Equal(FailureCode.PluginNotFound, _host.Plugins.Get("one").Failure?.Code);
        Assert.Equal(1UL, Assert.Single((await _host.CallAsync("two", "value", [])).Values));
        Assert.True(File.Exists(_host.Plugins.Content("two", "1").Value!.Path));
        await _host.Plugins.DeleteAsync("two", null, CancellationToken.None);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*.wasm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Put_NewPlugin_IsCreatedAndThenReplaced()
    {
        var created = await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, null, false, CancellationToken.None);
        var replaced = await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, null, false, CancellationToken.None);

        Assert.Equal((true, 1L), (created.Value!.Created, created.Value.Plugin.Revision));
        Assert.Equal((false, 2L), (replaced.Value!.Created, replaced.Value.Plugin.Revision));
    }

    [Theory]
    [InlineData(1L, true, FailureCode.PreconditionFailed)]
    [InlineData(2L, false, FailureCode.PreconditionFailed)]
    [InlineData(1L, false, null)]
    public async Task Put_WithACondition_HoldsItAgainstThePlugin(long revision, bool mustNotExist, FailureCode? expected)
    {
        await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, null, false, CancellationToken.None);

        var outcome = await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, plugin => plugin?.Revision == revision, mustNotExist, CancellationToken.None);

        Assert.Equal(expected, outcome.Failure?.Code);
    }

    [Fact]
    public async Task Put_ConditionOnAPluginThatIsNotThere_Fails()
    {
        var outcome = await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, plugin => plugin is not null, false, CancellationToken.None);

        Assert.Equal(FailureCode.PreconditionFailed, outcome.Failure?.Code);
    }

    [Fact]
    public async Task Put_NewConfiguration_AppliesToTheNextCall()
    {
        await _host.UploadAsync("calc", ModuleBuilder.Add);
        await _host.CallAsync("calc", "add", [1, 2]);

        await _host.Plugins.PutAsync("calc", new PluginConfiguration { Pool = new PoolConfiguration { Maximum = 5 } }, null, false, CancellationToken.None);
        var (result, values) = await _host.CallAsync("calc", "add", [1, 2]);

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal([3UL], values);
        Assert.Equal(5, Assert.Single(_host.Plugins.Statistics("calc").Value!.Pools).Maximum);
    }

    [Fact]
    public async Task List_PageByPage_GivesEveryPluginOnceInOrder()
    {
        foreach (var name in (string[])["c", "a", "e", "b", "d"])
            await _host.Plugins.PutAsync(name, PluginConfiguration.Default, null, false, CancellationToken.None);

        var names = new List<string>();
        string? token = null;

        do
        {
            var page = _host.Plugins.List(2, token).Value!;
            names.AddRange(page.Plugins.Select(plugin => plugin.Name));
            token = page.NextPageToken;
        }
        while (token is not null);

        Assert.Equal(["a", "b", "c", "d", "e"], names.ToArray());
    }

    [Theory]
    [InlineData("!")]
    [InlineData("////")]
    [InlineData("QQ")]
    public void List_ForeignToken_IsRefused(string token) =>
        Assert.Equal(FailureCode.InvalidPageToken, _host.Plugins.List(10, token).Failure?.Code);

    [Fact]
    public async Task Validate_Module_ReportsAndStoresNothing()
    {
        var good = await _host.Plugins.ValidateAsync(new MemoryStream(ModuleBuilder.Add), CancellationToken.None);
        var bad = await _host.Plugins.ValidateAsync(new MemoryStream("package main"u8.ToArray()), CancellationToken.None);

        Assert.True(good.Value!.Valid, good.Value.Problem?.ToString());
        Assert.Equal("add", Assert.Single(good.Value.Metadata!.Exports).Name);
        Assert.False(bad.Value!.Valid);
        Assert.Empty(_host.Plugins.List(10, null).Value!.Plugins);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*.wasm", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Put_Engine_RunsTheVersionsAnewAndAServerWithoutGeneratedCodeIgnoresIt()
    {
        await _host.UploadAsync("calc", ModuleBuilder.Add);
        Assert.Equal("tiered", Assert.Single(_host.Plugins.Statistics("calc").Value!.Tiers).Engine);

        await _host.Plugins.PutAsync("calc", new PluginConfiguration { Engine = "compiled" }, null, false, CancellationToken.None);
        var (_, values) = await _host.CallAsync("calc", "add", [1, 2]);

        var tiers = Assert.Single(_host.Plugins.Statistics("calc").Value!.Tiers);
        Assert.Equal(3UL, values[0]);
        Assert.Equal(("compiled", 1, 1), (tiers.Engine, tiers.Functions, tiers.Compiled.Functions));
        Assert.Equal("compiled", _host.Plugins.Get("calc").Value!.Configuration.Engine);

        await _host.DisposeAsync();
        _host = await PluginHostFixture.StartAsync(_directory.Path, ("Engine", "interpreter"));
        await _host.CallAsync("calc", "add", [1, 2]);

        tiers = Assert.Single(_host.Plugins.Statistics("calc").Value!.Tiers);
        Assert.Equal(("interpreter", 1, 0), (tiers.Engine, tiers.Interpreted.Functions, tiers.Compiled.Functions));
        Assert.Equal("compiled", _host.Plugins.Get("calc").Value!.Configuration.Engine);
    }

    [Fact]
    public async Task Drain_EveryKindOfWork_IsRefused()
    {
        await _host.UploadAsync("calc", ModuleBuilder.Add);
        var target = await _host.Invoker.ResolveAsync("calc", null, "add", CancellationToken.None);

        _host.State.Drain();

        Assert.Equal(FailureCode.Draining, (await _host.Plugins.UploadAsync("calc", new MemoryStream(), CancellationToken.None)).Failure?.Code);
        Assert.Equal(FailureCode.Draining, (await _host.Plugins.PutAsync("calc", PluginConfiguration.Default, null, false, CancellationToken.None)).Failure?.Code);
        Assert.Equal(FailureCode.Draining, (await _host.Invoker.InvokeAsync(target.Value!, new ulong[2], new ulong[1], null, CancellationToken.None)).Failure?.Code);
    }

    [Theory]
    [InlineData("Limits:MemoryBytes", "1")]
    [InlineData("Limits:MaximumInstances", "0")]
    [InlineData("Limits:Fuel", "0")]
    [InlineData("DataDirectory", " ")]
    [InlineData("Engine", "abacus")]
    [InlineData("Limits:CompiledBytes", "-1")]
    [InlineData("GuestFileRoots:0", "relative")]
    public async Task Start_SettingOutOfBounds_IsRefusedByName(string setting, string value)
    {
        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => PluginHostFixture.StartAsync(Path.Combine(_directory.Path, "other"), (setting, value)));

        Assert.Contains(setting.Split(':')[0], exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Harms the file of a version while no server runs: calls fail then, and an upload of the same bytes repairs it.</summary>
    private async Task AssertRestoredAsync(Func<string, Task> harm)
    {
        await _host.UploadAsync("calc", Constant(1));
        await _host.DisposeAsync();
        await harm(Assert.Single(Directory.EnumerateFiles(_directory.Path, "*.wasm", SearchOption.AllDirectories)));
        _host = await PluginHostFixture.StartAsync(_directory.Path);

        var lost = await _host.Invoker.ResolveAsync("calc", null, "value", CancellationToken.None);
        var restored = await _host.Plugins.UploadAsync("calc", new MemoryStream(Constant(1)), CancellationToken.None);

        Assert.Equal(FailureCode.InternalError, lost.Failure?.Code);
        Assert.False(restored.Value?.Created);
        Assert.Equal(1UL, Assert.Single((await _host.CallAsync("calc", "value", [])).Values));
    }
}
