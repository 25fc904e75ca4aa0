using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Logs;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands;

/// <summary>Shows what a plugin printed.</summary>
internal sealed class LogsCommand : ToolCommand
{
    private readonly Argument<string> _plugin = Symbols.Plugin();

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on with new lines as they come, until Ctrl-C",
    };

    private readonly Option<int?> _lines = new("--lines", "-n")
    {
        Description = "The newest lines at most, 1,000 if not said; not with --follow",
        HelpName = "COUNT",
    };

    public LogsCommand()
        : base(
            "logs",
            "Shows what a plugin wrote to stdout and stderr.",
            new Example("pluginhost logs greeter", "the kept lines"),
            new Example("timeout -s INT 5 pluginhost logs greeter --follow", "the kept lines and for five seconds the new ones"))
    {
        Add(_plugin);
        Add(_follow);
        Add(_lines);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var plugin = parsed.GetValue(_plugin)!;
        using var server = ServerClient.Of(parsed);

        if (!parsed.GetValue(_follow))
        {
            foreach (var line in await server.LogsAsync(plugin, parsed.GetValue(_lines), cancellation))
                LogWriter.Write(terminal, line);

            return ExitCode.Ok;
        }

        try
        {
            await foreach (var line in LogFollower.FollowAsync(server, plugin, 0, cancellation))
                LogWriter.Write(terminal, line);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how one stops following.
            return ExitCode.Ok;
        }

        throw new ToolException(ExitCode.Unreachable, "log-ended", "The log ended", "The server stopped, or the plugin was deleted.");
    }
}
