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

    public BuildCommand()
        : base("build", "Builds a plugin: NAME.wasm from its source.", new Example("pluginhost build greeter", "makes greeter/greeter.wasm"))
    {
        Add(_folder);
        Add(_go);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var project = PluginProject.Open(parsed.GetValue(_folder)!);
        var go = await GoToolchain.FindAsync(parsed.GetValue(_go), cancellation);
        var wasm = await PluginBuild.RunAsync(go, project, cancellation);
        Report.Built(terminal, wasm, go);
        return ExitCode.Ok;
    }
}
