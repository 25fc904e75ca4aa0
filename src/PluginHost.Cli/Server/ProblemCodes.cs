using System.Collections.Frozen;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Server;

/// <summary>What the server's codes mean to whoever called the tool.</summary>
internal static class ProblemCodes
{
    private static readonly FrozenSet<string> s_pluginFailures = FrozenSet.Create(
        StringComparer.Ordinal,
        "trap", "guest-exit", "init-failed", "plugin-error", "invalid-result", "deadline-exceeded", "fuel-exhausted", "guest-out-of-memory");

    public static ExitCode ExitCodeOf(Problem problem) => problem switch
    {
        { Code: { } code } when s_pluginFailures.Contains(code) => ExitCode.PluginFailed,
        { Status: 400 } => ExitCode.Usage,
        _ => ExitCode.Refused,
    };
}
