using PluginHost.WasiRun.Tests.GoLibrary;
using PluginHost.WasiRun.Tests.Support;

namespace PluginHost.WasiRun.Tests.Sdk;

/// <summary>The tests of the Go module for plugins, and of the samples that are written with it: as Go runs them natively, and on the engines what needs no function of the host's.</summary>
public sealed class GuestModuleTests
{
    private static readonly string s_sdk = Path.Combine(Repository.Root, "plugins", "sdk");

    [GoLibraryTheory]
    [InlineData("sdk")]
    [InlineData("greeter")]
    [InlineData("markdown")]
    [InlineData("pricing")]
    [InlineData("shortener")]
    [InlineData("weather")]
    [InlineData("pipeline")]
    public async Task Tests_OfAModule_PassNatively(string name)
    {
        var folder = Path.Combine(Repository.Root, "plugins", name);

        var vet = await GoToolchain.RunAsync(["vet", "./..."], folder);
        var tests = await GoToolchain.RunAsync(["test", "-v", "-count=1", "./..."], folder);

        Assert.True(vet.ExitCode == 0, vet.ErrorText);
        Assert.True(tests.ExitCode == 0 && tests.OutputText.Contains("--- PASS", StringComparison.Ordinal), tests.OutputText + tests.ErrorText);
    }

    [GoLibraryTheory]
    [EngineData(".")]
    [EngineData("./internal/abi")]
    [EngineData("./fetch")]
    public async Task Tests_OfAPackage_PassOnTheEngine(string engine, string package)
    {
        using var binaries = new TemporaryDirectory();
        var module = Path.Combine(binaries.Path, "tests.wasm");
        await GoToolchain.BuildTestsAsync(package, module, s_sdk);

        var run = await WasiRunProcess.RunAsync(["--engine", engine, module, "-test.v"]);

        Assert.True(run.ExitCode == 0 && run.OutputText.Contains("--- PASS", StringComparison.Ordinal), run.OutputText + run.ErrorText);
    }
}
