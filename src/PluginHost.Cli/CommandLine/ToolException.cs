using PluginHost.Cli.Server;

namespace PluginHost.Cli.CommandLine;

/// <summary>Ends a command with an exit code and the problem that the user is shown.</summary>
internal sealed class ToolException(ExitCode exitCode, Problem problem) : Exception(problem.Detail ?? problem.Title)
{
    public ToolException(ExitCode exitCode, string code, string title, string detail)
        : this(exitCode, new Problem { Code = code, Title = title, Detail = detail })
    {
    }

    public ExitCode ExitCode { get; } = exitCode;

    public Problem Problem { get; } = problem;

    /// <summary>What the user typed makes no sense.</summary>
    public static ToolException Usage(string detail) => new(ExitCode.Usage, "usage", "Wrong usage", detail);
}
