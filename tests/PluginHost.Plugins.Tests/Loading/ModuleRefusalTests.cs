using Microsoft.Extensions.DependencyInjection;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Loading;

public sealed class ModuleRefusalTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PluginHostFixture _host = null!;

    public async Task InitializeAsync() => _host = await PluginHostFixture.StartAsync(_directory.Path, ("Limits:StartDeadlineMilliseconds", 300));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Upload_CommandModule_NamesTheMissingBuildMode()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Function("_start", [], []).ToArray());

        Assert.Equal(FailureCode.InvalidModule, failure.Code);
        Assert.Contains("command", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("-buildmode=c-shared", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gojs")]
    [InlineData("go")]
    public async Task Upload_ModuleForJavaScript_IsNamedSo(string module)
    {
        var failure = await RefusalAsync(new ModuleBuilder().Import(module, "runtime.wasmExit", [ModuleBuilder.I32], []).Function("run", [], []).ToArray());

        Assert.Equal(FailureCode.UnsupportedImport, failure.Code);
        Assert.Contains("GOOS=js", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_StartFunctionWithoutEnd_IsRefusedAtTheStartDeadline()
    {
        var module = new ModuleBuilder().Function("run", [], [], 0x03, 0x40, 0x0C, 0, 0x0B).Start(0).ToArray();

        var failure = await Task.Run(() => RefusalAsync(module)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(FailureCode.InitFailed, failure.Code);
    }

    [Fact]
    public async Task Upload_UnknownImport_NamesItWithItsType()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Import("env", "emit", [ModuleBuilder.I32], [ModuleBuilder.I64]).Function("run", [], []).ToArray());

        Assert.Equal(FailureCode.UnsupportedImport, failure.Code);
        Assert.Contains("env.emit func (i32) -> (i64)", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("TinyGo", failure.Detail, StringComparison.Ordinal);
        Assert.Equal("emit", Assert.Single(failure.UnresolvedImports!).Name);
    }

    [Fact]
    public async Task Upload_WasiImportOfAnotherType_NamesBothTypes()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Import("wasi_snapshot_preview1", "fd_close", [ModuleBuilder.I64], []).Function("run", [], []).ToArray());

        Assert.Equal(FailureCode.UnsupportedImport, failure.Code);
        Assert.Contains("(i64) -> ()", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("(i32) -> (i32)", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_InvalidBody_NamesOffsetAndFunction()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Function("bad", [], [ModuleBuilder.I32], 0x42, 1).ToArray());

        Assert.Equal(FailureCode.InvalidModule, failure.Code);
        Assert.NotNull(failure.Offset);
        Assert.Equal("0", failure.Function);
    }

    [Theory]
    [EngineData]
    public async Task Upload_InitializeCallsAnInvalidFunction_IsInvalidAndLeavesNoInstance(string engine)
    {
        using var directory = new TemporaryDirectory();
        await using var host = await PluginHostFixture.StartAsync(directory.Path, ("Engine", engine));
        var module = new ModuleBuilder().Function("_initialize", [], [], 0x10, 1, 0x1A).Function("bad", [], [ModuleBuilder.I32], 0x42, 1).ToArray();

        var upload = await host.Plugins.UploadAsync("invalid", new MemoryStream(module), CancellationToken.None);

        Assert.Equal(FailureCode.InvalidModule, upload.Failure?.Code);
        Assert.Equal("1", upload.Failure?.Function);
        Assert.Equal(0, host.Services.GetRequiredService<InstanceCapacity>().Count);
        Assert.Empty(host.Plugins.List(10, null).Value!.Plugins);
    }

    [Theory]
    [EngineData]
    public async Task Upload_AFunctionThatInitializeDoesNotCallIsInvalid_IsInvalidAndLeavesNoInstance(string engine)
    {
        using var directory = new TemporaryDirectory();
        await using var host = await PluginHostFixture.StartAsync(directory.Path, ("Engine", engine));
        var module = new ModuleBuilder().Function("_initialize", [], []).Function("bad", [], [ModuleBuilder.I32], 0x42, 1).ToArray();

        var upload = await host.Plugins.UploadAsync("invalid", new MemoryStream(module), CancellationToken.None);

        Assert.Equal(FailureCode.InvalidModule, upload.Failure?.Code);
        Assert.Equal(0, host.Services.GetRequiredService<InstanceCapacity>().Count);
    }

    [Fact]
    public async Task Upload_VectorInstruction_IsRefusedByName()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Function("bad", [], [], 0x41, 0, 0xFD, 0x0F, 0x1A).ToArray());

        Assert.Equal(FailureCode.InvalidModule, failure.Code);
        Assert.Contains("vector", failure.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Upload_TruncatedModule_IsSaidToBeCutOff()
    {
        var failure = await RefusalAsync(ModuleBuilder.Add[..^3]);

        Assert.Equal(FailureCode.InvalidModule, failure.Code);
        Assert.Contains("cut off", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_InitializeThatTraps_IsInitFailed()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Function("_initialize", [], [], 0x00).ToArray());

        Assert.Equal(FailureCode.InitFailed, failure.Code);
        Assert.Equal(Wasm.Runtime.TrapKind.Unreachable, failure.Trap);
    }

    [Fact]
    public async Task Upload_InitializeThatNeverEnds_IsInitFailed()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Function("_initialize", [], [], 0x03, 0x40, 0x0C, 0x00, 0x0B).ToArray());

        Assert.Equal(FailureCode.InitFailed, failure.Code);
        Assert.Contains("300 ms", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_InitializeThatExits_IsInitFailedWithTheCode()
    {
        var failure = await RefusalAsync(new ModuleBuilder()
            .Import("wasi_snapshot_preview1", "proc_exit", [ModuleBuilder.I32], [])
            .Memory()
            .Function("_initialize", [], [], 0x41, 7, 0x10, 0)
            .ToArray());

        Assert.Equal(FailureCode.InitFailed, failure.Code);
        Assert.Equal(7U, failure.ExitCode);
    }

    [Fact]
    public async Task Upload_InitializeWithParameters_IsRefused()
    {
        var failure = await RefusalAsync(new ModuleBuilder().Function("_initialize", [ModuleBuilder.I32], []).ToArray());

        Assert.Contains("(i32) -> ()", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_ModuleWithoutExports_IsAcceptedWithAWarning()
    {
        var version = await _host.UploadAsync("calc", new ModuleBuilder().Function("_initialize", [], []).ToArray());

        Assert.Contains("go:wasmexport", Assert.Single(version.Metadata.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_TruncationsAndFlipsOfAModule_AreRefusedOrRun()
    {
        var module = ModuleBuilder.Add;
        var random = new Random(20260102);

        for (var round = 0; round < 300; round++)
        {
            var bytes = round % 2 == 0 ? module[..random.Next(module.Length)] : [.. module];

            if (round % 2 == 1)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

            var report = await _host.Plugins.ValidateAsync(new MemoryStream(bytes), CancellationToken.None);

            Assert.True(report.Succeeded);
            Assert.NotEqual(FailureCode.InternalError, report.Value.Problem?.Code);
        }
    }

    private async Task<PluginFailure> RefusalAsync(byte[] module)
    {
        var outcome = await _host.Plugins.UploadAsync("calc", new MemoryStream(module), CancellationToken.None);

        Assert.NotNull(outcome.Failure);
        Assert.Equal(FailureCode.PluginNotFound, _host.Plugins.Get("calc").Failure?.Code);
        return outcome.Failure;
    }
}
