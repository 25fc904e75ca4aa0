namespace PluginHost.Cli.Tests.Support;

/// <summary>The tool as a process.</summary>
internal static class Tool
{
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "pluginhost.dll");

    /// <summary>What the tool keeps for its user stays beside the tests.</summary>
    private static KeyValuePair<string, string> Home { get; } = KeyValuePair.Create("XDG_DATA_HOME", Path.Combine(AppContext.BaseDirectory, "home"));

    public static Task<RunResult> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null) =>
        ChildProcess.RunAsync("dotnet", [Assembly, .. arguments], environment: With(environment, Home), folder: folder);

    /// <summary>A line of a shell in which <c>pluginhost</c> is the tool.</summary>
    public static Task<RunResult> ShellAsync(string shell, string line, IReadOnlyDictionary<string, string> environment, string folder)
    {
        // A program of that name, as programs start it too: timeout, for example.
        var programs = Directory.CreateDirectory(Path.Combine(folder, ".programs"));
        var program = Path.Combine(programs.FullName, "pluginhost");

        if (!File.Exists(program))
        {
            File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{Assembly}' \"$@\"\n");

            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var path = KeyValuePair.Create("PATH", $"{programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}");
        return ChildProcess.RunAsync(shell, ["-c", line], environment: With(environment, Home, path), folder: folder);
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? environment, params KeyValuePair<string, string>[] more) =>
        new([.. environment ?? new Dictionary<string, string>(StringComparer.Ordinal), .. more], StringComparer.Ordinal);
}
