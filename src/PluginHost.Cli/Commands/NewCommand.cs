using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Templates;
using PluginHost.Plugins;

namespace PluginHost.Cli.Commands;

/// <summary>Makes a folder with a plugin that builds.</summary>
internal sealed class NewCommand : ToolCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The plugin's name, which becomes the folder's too" };

    private readonly Option<string> _template = new("--template")
    {
        Description = "What the plugin's function takes and gives",
        HelpName = string.Join('|', ProjectTemplate.Names),
        DefaultValueFactory = _ => ProjectTemplate.Names[0],
    };

    public NewCommand()
        : base("new", "Makes a plugin from a template: source, go.mod and a README.", new Example("pluginhost new greeter", "makes the folder greeter"))
    {
        Add(_name);
        _template.AcceptOnlyFromAmong([.. ProjectTemplate.Names]);
        Add(_template);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var name = parsed.GetValue(_name)!;

        if (!PluginName.IsValid(name))
            throw ToolException.Usage($"'{name}' is no name for a plugin: those are 1 to 63 lower-case letters, digits and hyphens, without a hyphen in front.");

        if (File.Exists(name) || (Directory.Exists(name) && Directory.EnumerateFileSystemEntries(name).Any()))
            throw ToolException.Usage($"'{name}' is there already.");

        await ProjectTemplate.WriteAsync(parsed.GetValue(_template)!, name, Path.GetFullPath(name), cancellation);
        terminal.Note($"made {name}; its README.md says how to go on");
        return ExitCode.Ok;
    }
}
