using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;
using PluginHost.Plugins;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Cli.Local;

/// <summary>A failure of the host inside the tool, as the problem that a server would make of it.</summary>
internal static class FailureProblem
{
    public static ToolException Of(PluginFailure failure)
    {
        var problem = new Problem
        {
            Title = "The call failed",
            Code = failure.Code.Text(),
            Detail = failure.Hint is null ? failure.Detail : $"{failure.Detail} {failure.Hint}",
            Offset = failure.Offset,
            Function = failure.Function,
            Imports = failure.UnresolvedImports?.Select(import => import.ToString()).ToList(),
            Available = failure.Available,
            Errors = failure.Errors,
            Trap = failure.Trap?.Text(),
            Stack = failure.Frames,
            ExitCode = failure.ExitCode is { } exit ? (int)exit : null,
            Panic = failure.Panic,
            Stderr = failure.StandardError,
            PluginCode = failure.PluginCode,
            PluginDetails = failure.PluginDetails,
        };

        return new ToolException(ProblemCodes.ExitCodeOf(problem), problem);
    }
}
