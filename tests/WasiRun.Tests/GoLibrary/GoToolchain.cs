using System.ComponentModel;
using PluginHost.WasiRun.Tests.Support;

namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>The Go that the tests of its library are built with: the one on the PATH or where distributions put it.</summary>
internal sealed record GoToolchain(string Program, string Root)
{
    private const string Release = "go1.24";
    private static readonly Lazy<GoToolchain?> s_found = new(() => FindAsync().GetAwaiter().GetResult());

    /// <summary>Why the library's tests cannot be run here; null where they can.</summary>
    public static string? Obstacle => s_found.Value is null ? $"{Release} with the sources of its library is neither on the PATH nor in /usr/lib/go-1.24 or /usr/local/go." : null;

    public static GoToolchain Instance => s_found.Value ?? throw new InvalidOperationException(Obstacle);

    /// <summary>The folder that holds the package's sources, tests and test data.</summary>
    public string PackageFolder(string package) => Path.Combine(Root, "src", package);

    /// <summary>Builds the tests of a package for WASI.</summary>
    public async Task BuildTestsAsync(string package, string file)
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

        var run = await ChildProcess.RunAsync(Program, ["test", "-vet=off", "-c", "-o", file, package], environment: environment, folder: PackageFolder(package), patience: TimeSpan.FromMinutes(10));

        if (run.ExitCode != 0)
            throw new InvalidOperationException($"go cannot build the tests of {package}: {run.ErrorText}");
    }

    private static async Task<GoToolchain?> FindAsync()
    {
        foreach (var program in (string[])["go", "/usr/lib/go-1.24/bin/go", "/usr/local/go/bin/go"])
        {
            try
            {
                var run = await ChildProcess.RunAsync(program, ["env", "GOVERSION", "GOROOT"]);

                if (run.ExitCode == 0 && run.OutputText.Split('\n') is [var version, var root, ..] && version.StartsWith(Release, StringComparison.Ordinal)
                    && File.Exists(Path.Combine(root, "src", "fmt", "fmt_test.go")))
                {
                    return new GoToolchain(program, root);
                }
            }
            catch (Win32Exception)
            {
                // There is none of that path.
            }
        }

        return null;
    }
}
