using System.CommandLine;

namespace PluginHost.Cli.Commands.Aliases;

/// <summary>What concerns the names by which versions are called.</summary>
internal sealed class AliasCommand : Command
{
    public AliasCommand()
        : base("alias", "Shows and moves the names by which versions are called: live, and others.")
    {
        Add(new ListAliasesCommand());
        Add(new SetAliasCommand());
        Add(new RollBackAliasCommand());
    }
}
