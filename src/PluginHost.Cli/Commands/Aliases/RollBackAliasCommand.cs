using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Aliases;

/// <summary>Points an alias at where it pointed before.</summary>
internal sealed class RollBackAliasCommand : ToolCommand
{
    private readonly Argument<string> _plugin = Symbols.Plugin();
    private readonly Argument<string> _alias = new("ALIAS") { Description = "The alias", HelpName = "ALIAS", DefaultValueFactory = _ => "live" };

    public RollBackAliasCommand()
        : base("rollback", "Points an alias at where it pointed before; once more goes further back.", new Example("pluginhost alias rollback greeter", "takes back the last move of live"))
    {
        Add(_plugin);
        Add(_alias);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = ServerClient.Of(parsed);

        AliasText.Write(terminal, await server.RollBackAliasAsync(parsed.GetValue(_plugin)!, parsed.GetValue(_alias)!, cancellation));
        return ExitCode.Ok;
    }
}
