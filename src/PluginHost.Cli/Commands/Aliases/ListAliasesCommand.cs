using System.CommandLine;
using System.Globalization;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Aliases;

/// <summary>Lists a plugin's aliases.</summary>
internal sealed class ListAliasesCommand : ToolCommand
{
    private readonly Argument<string> _plugin = Symbols.Plugin();

    public ListAliasesCommand()
        : base("ls", "Lists a plugin's aliases and where they point.", new Example("pluginhost alias ls greeter", "all aliases by name")) => Add(_plugin);

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = ServerClient.Of(parsed);
        var aliases = await server.AliasesAsync(parsed.GetValue(_plugin)!, cancellation);

        if (terminal.Json)
        {
            terminal.WriteJson(aliases, CliJsonContext.Default.ServerAliases);
            return ExitCode.Ok;
        }

        var table = new TextTable("ALIAS", "TARGETS", "MOVED");

        foreach (var alias in aliases.Aliases)
            table.Add(alias.Name, AliasText.Of(alias), alias.UpdatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

        table.Write(terminal);
        return ExitCode.Ok;
    }
}
