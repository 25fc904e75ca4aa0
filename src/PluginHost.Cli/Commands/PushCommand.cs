using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Go;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands;

/// <summary>Uploads what <c>build</c> made.</summary>
internal sealed class PushCommand : ToolCommand
{
    private readonly Argument<string> _folder = Symbols.Folder();
    private readonly Option<string?> _plugin = Symbols.PluginName();
    private readonly Option<FileInfo> _configuration = Symbols.Configuration();

    public PushCommand()
        : base("push", "Uploads a plugin that was built; the new version is live at once.", new Example("pluginhost push greeter", "uploads greeter/greeter.wasm as the plugin greeter"))
    {
        Add(_folder);
        Add(_plugin);
        Add(_configuration);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var project = PluginProject.Open(parsed.GetValue(_folder)!);
        var plugin = project.PluginNameOr(parsed.GetValue(_plugin));
        using var server = ServerClient.Of(parsed);

        if (parsed.GetValue(_configuration) is { } configuration)
            await server.ConfigureAsync(plugin, configuration, cancellation);

        Report.Pushed(terminal, await ModuleUpload.RunAsync(server, project, plugin, terminal, cancellation));
        return ExitCode.Ok;
    }
}
