using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Go;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.Commands;

/// <summary>Builds a plugin with the Go that is there.</summary>
internal sealed class BuildCommand : ToolCommand
{
    private readonly Argument<string> _folder = Symbols.Folder();
    private readonly Option<string?> _go = Symbols.Go();
    private readonly Option<bool> _noManifest = Symbols.NoManifest();

    public BuildCommand()
        : base(
            "build",
            "Builds a plugin: NAME.wasm, and plugin.json with the names, types and comments of its source.",
            new Example("pluginhost build greeter", "makes greeter/greeter.wasm and greeter/plugin.json"))
    {
        Add(_folder);
        Add(_go);
        Add(_noManifest);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var project = PluginProject.Open(parsed.GetValue(_folder)!);
        var go = await GoToolchain.FindAsync(parsed.GetValue(_go), cancellation);
        var wasm = await PluginBuild.RunAsync(go, project, !parsed.GetValue(_noManifest), cancellation);
        Report.Built(terminal, wasm, go);
        return ExitCode.Ok;
    }
}
