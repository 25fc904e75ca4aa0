using PluginHost.WasiRun.Tests.Support;

namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>
/// The tests of Go's standard library, built by Go for WASI and run on each engine. They see the host's files, as <c>go test</c> lets them do where Go runs natively.
/// </summary>
public sealed class GoLibraryTests(GoLibrarySession session) : IClassFixture<GoLibrarySession>
{
    [GoLibraryTheory]
    [MemberData(nameof(GoPackages.Rows), MemberType = typeof(GoPackages))]
    public async Task Tests_OfAPackage_Pass(string engine, string package)
    {
        var module = await session.BuildAsync(package);

        var run = await WasiRunProcess.RunAsync(Arguments(engine, package, module), folder: GoToolchain.PackageFolder(package), patience: TimeSpan.FromMinutes(30));

        var result = PackageResult.Read(engine, package, run.ExitCode, run.OutputText);
        session.Add(result);
        Assert.True(run.ExitCode == 0 && result.Passed > 0, $"exit code {run.ExitCode}\n{string.Join('\n', Report(run))}");
    }

    private static string[] Arguments(string engine, string package, string module)
    {
        var known = KnownFailures.Of(engine, package);

        return
        [
            "--engine", engine, "--dir", "/", "--env", $"PWD={GoToolchain.PackageFolder(package)}", "--env", $"GOROOT={GoToolchain.Go.Root}", "--env", "PATH",
            module, "-test.v", "-test.short", $"-test.skip={string.Join('|', known.Select(failure => failure.Pattern))}",
        ];
    }

    /// <summary>What tells of a failure: not the names of the tests that passed.</summary>
    private static IEnumerable<string> Report(RunResult run) => (run.OutputText + run.ErrorText)
        .Split('\n')
        .Where(line => !line.StartsWith("=== ", StringComparison.Ordinal) && !line.Contains("--- PASS", StringComparison.Ordinal))
        .TakeLast(200);
}
