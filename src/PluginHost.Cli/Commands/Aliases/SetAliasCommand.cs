using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Aliases;

/// <summary>Points an alias at versions.</summary>
internal sealed class SetAliasCommand : ToolCommand
{
    private readonly Argument<string> _plugin = Symbols.Plugin();
    private readonly Argument<string> _alias = new("ALIAS") { Description = "The alias; live is the one of calls that name no version", HelpName = "ALIAS" };
    private readonly Argument<string[]> _targets = new("TARGET") { Description = "A version, or several with their weights: 7=95 8=5", HelpName = "TARGET", Arity = ArgumentArity.OneOrMore };

    public SetAliasCommand()
        : base(
            "set",
            "Points an alias at a version, or at several by weight.",
            new Example("pluginhost alias set greeter live 8", "all calls to version 8"),
            new Example("pluginhost alias set greeter live 7=95 8=5", "one call of twenty to version 8"))
    {
        Add(_plugin);
        Add(_alias);
        Add(_targets);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var targets = parsed.GetValue(_targets)!.Select(text => AliasText.Target(text) ?? throw ToolException.Usage($"'{text}' is no target: 8, or 8=5 for version 8 with the weight 5.")).ToList();
        using var server = ServerClient.Of(parsed);

        AliasText.Write(terminal, await server.PutAliasAsync(parsed.GetValue(_plugin)!, parsed.GetValue(_alias)!, targets, cancellation));
        return ExitCode.Ok;
    }
}
