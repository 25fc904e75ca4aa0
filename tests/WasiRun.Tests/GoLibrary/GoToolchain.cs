namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>The Go that the tests of its library are built with.</summary>
internal static class GoToolchain
{
    /// <summary>Why the library's tests cannot be run here; null where they can.</summary>
    public static string? Obstacle => GoInstallation.Found is null ? GoInstallation.Obstacle : null;

    public static GoInstallation Go => GoInstallation.Found ?? throw new InvalidOperationException(Obstacle);

    /// <summary>The folder that holds the package's sources, tests and test data.</summary>
    public static string PackageFolder(string package) => Path.Combine(Go.Root, "src", package);

    /// <summary>Builds the tests of a package for WASI.</summary>
    /// <param name="folder">Where the package's module is.</param>
    public static async Task BuildTestsAsync(string package, string file, string folder)
    {
        var run = await RunAsync(["test", "-vet=off", "-c", "-o", file, package], folder, ("GOOS", "wasip1"), ("GOARCH", "wasm"));

        if (run.ExitCode != 0)
            throw new InvalidOperationException($"go cannot build the tests of {package}: {run.ErrorText}");
    }

    /// <summary>Runs the go command, which downloads nothing and finds itself on the path.</summary>
    public static Task<RunResult> RunAsync(IEnumerable<string> arguments, string folder, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GOFLAGS"] = "",
            ["GOTOOLCHAIN"] = "local",
            ["GOWORK"] = "off",
            ["GOPROXY"] = "off",
            ["PATH"] = Path.Combine(Go.Root, "bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
        };

        foreach (var (name, value) in variables)
            environment[name] = value;

        return ChildProcess.RunAsync(Go.Program, arguments, environment: environment, folder: folder, patience: TimeSpan.FromMinutes(10));
    }
}
