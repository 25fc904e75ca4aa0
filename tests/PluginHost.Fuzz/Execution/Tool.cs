using System.Diagnostics;

namespace PluginHost.Fuzz.Execution;

/// <summary>Programs that the fuzzer runs.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, -1 where it did not end in time, and what it wrote to both streams.</returns>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();

        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            return (-1, "");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>Whether a program is not on the PATH.</summary>
    public static bool Missing(string program) =>
        !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));
}
