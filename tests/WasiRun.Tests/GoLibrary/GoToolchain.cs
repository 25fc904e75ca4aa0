using PluginHost.WasiRun.Tests.Support;

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
    public static async Task BuildTestsAsync(string package, string file)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GOOS"] = "wasip1",
            ["GOARCH"] = "wasm",
            ["GOFLAGS"] = "",
            ["GOTOOLCHAIN"] = "local",
            ["GOWORK"] = "off",
            ["GOPROXY"] = "off",
        };

        var run = await ChildProcess.RunAsync(Go.Program, ["test", "-vet=off", "-c", "-o", file, package], environment: environment, folder: PackageFolder(package), patience: TimeSpan.FromMinutes(10));

        if (run.ExitCode != 0)
            throw new InvalidOperationException($"go cannot build the tests of {package}: {run.ErrorText}");
    }
}
