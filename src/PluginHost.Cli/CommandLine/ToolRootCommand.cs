using System.CommandLine;
using System.CommandLine.Help;
using PluginHost.Cli.Commands;
using PluginHost.Cli.Commands.Aliases;
using PluginHost.Cli.Commands.Keys;

namespace PluginHost.Cli.CommandLine;

/// <summary>The whole command line.</summary>
internal sealed class ToolRootCommand : RootCommand
{
    public ToolRootCommand()
        : base("Makes, builds, uploads and calls Go plugins of a PluginHost server.")
    {
        Add(GlobalOptions.Server);
        Add(GlobalOptions.Key);
        Add(GlobalOptions.Json);
        Add(new NewCommand());
        Add(new BuildCommand());
        Add(new PushCommand());
        Add(new InvokeCommand());
        Add(new LogsCommand());
        Add(new ListCommand());
        Add(new DevCommand());
        Add(new RunCommand());
        Add(new AliasCommand());
        Add(new KeysCommand());
        Add(new AuditCommand());
        Add(new BackupCommand());
        Add(new CompletionCommand());

        foreach (var option in Options.OfType<HelpOption>())
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }
}
