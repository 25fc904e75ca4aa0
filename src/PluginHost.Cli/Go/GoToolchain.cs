using System.ComponentModel;
using System.Globalization;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Go;

/// <summary>A Go that can build plugins: 1.24 is the first with <c>//go:wasmexport</c> and reactors.</summary>
/// <param name="Program">The go command.</param>
/// <param name="Version">As in <c>go1.24.4</c>.</param>
/// <param name="HostSystem">What its tools run on, whatever GOOS says.</param>
internal sealed record GoToolchain(string Program, string Version, string HostSystem, string HostArchitecture)
{
    private const int MajorNeeded = 1;
    private const int MinorNeeded = 24;

    private static readonly Dictionary<string, string?> s_local = new(StringComparer.Ordinal) { ["GOTOOLCHAIN"] = "local" };

    /// <summary>Finds one on the PATH or where installers put it.</summary>
    /// <param name="program">The go command that the user wants; null for any.</param>
    public static async Task<GoToolchain> FindAsync(string? program, CancellationToken cancellation)
    {
        var old = new List<string>();

        foreach (var candidate in program is null ? Candidates() : [program])
        {
            if (await AskAsync(candidate, cancellation) is not { } found)
                continue;

            if (IsNewEnough(found.Version))
                return found;

            old.Add($"{found.Version} ({candidate})");
        }

        var reason = old.Count > 0 ? $"{string.Join(", ", old)} is too old"
            : program is null ? "There is none on the PATH, nor where installers put it"
            : $"'{program}' is no go command";

        throw new ToolException(
            ExitCode.NoToolchain, "no-toolchain", "Go is missing", $"Plugins are built by Go {MajorNeeded}.{MinorNeeded} or later. {reason}. Get it from https://go.dev/dl, or name it by --go FILE.");
    }

    /// <summary>Whether a release, such as <c>go1.24.4</c>, <c>go1.25rc1</c> or <c>devel go1.26-0123abcd</c>, can build plugins.</summary>
    internal static bool IsNewEnough(string version)
    {
        var start = version.IndexOf("go", StringComparison.Ordinal);
        var numbers = start < 0 ? [] : version[(start + 2)..].Split('.', 3);

        if (numbers.Length < 2 || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major))
            return false;

        var digits = numbers[1].AsSpan().IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(digits < 0 ? numbers[1] : numbers[1][..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && (major, minor).CompareTo((MajorNeeded, MinorNeeded)) >= 0;
    }

    private static IEnumerable<string> Candidates()
    {
        yield return "go";
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        if (OperatingSystem.IsWindows())
        {
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Go", "bin", "go.exe");
        }
        else
        {
            yield return "/usr/local/go/bin/go";
            yield return "/usr/lib/go/bin/go";
            yield return "/opt/homebrew/bin/go";

            // Debian's packages stand side by side.
            foreach (var folder in Folders("/usr/lib", "go-*"))
                yield return Path.Combine(folder, "bin", "go");
        }

        // What golang.org/dl installs.
        foreach (var folder in Folders(Path.Combine(home, "sdk"), "go*"))
            yield return Path.Combine(folder, "bin", "go");
    }

    private static IEnumerable<string> Folders(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern).OrderDescending(StringComparer.Ordinal) : [];

    private static async Task<GoToolchain?> AskAsync(string program, CancellationToken cancellation)
    {
        try
        {
            // Its own version, not that of a newer one which a go.mod would make it download.
            var answer = await ChildProcess.RunAsync(program, ["env", "GOVERSION", "GOHOSTOS", "GOHOSTARCH"], Path.GetTempPath(), s_local, cancellation);
            var lines = answer.Output.Split('\n', StringSplitOptions.TrimEntries);
            return answer.ExitCode == 0 && lines is [{ Length: > 0 } version, var system, var architecture, ..] ? new GoToolchain(program, version, system, architecture) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
