using System.ComponentModel;
using System.Diagnostics;

namespace PluginHost.Testing;

/// <summary>The Go 1.24, with the sources of its library, that is on the PATH or where distributions put it.</summary>
/// <param name="Program">The go command.</param>
/// <param name="Root">Its GOROOT.</param>
public sealed record GoInstallation(string Program, string Root)
{
    private const string Release = "go1.24";
    private static readonly Lazy<GoInstallation?> s_found = new(Find);

    /// <summary>Null where there is none; <see cref="Obstacle"/> says so.</summary>
    public static GoInstallation? Found => s_found.Value;

    public static string Obstacle => $"{Release} with the sources of its library is neither on the PATH nor in /usr/lib/go-1.24 or /usr/local/go.";

    private static GoInstallation? Find()
    {
        foreach (var program in (string[])["go", "/usr/lib/go-1.24/bin/go", "/usr/local/go/bin/go"])
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, ["env", "GOVERSION", "GOROOT"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
                var lines = process.StandardOutput.ReadToEnd().Split('\n');
                process.WaitForExit();

                if (process.ExitCode == 0 && lines is [var version, var root, ..] && version.StartsWith(Release, StringComparison.Ordinal)
                    && File.Exists(Path.Combine(root, "src", "fmt", "fmt_test.go")))
                {
                    return new GoInstallation(program, root);
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
