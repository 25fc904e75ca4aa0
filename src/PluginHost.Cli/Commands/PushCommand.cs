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

    private readonly Option<bool> _noActivate = new("--no-activate") { Description = "Leave the alias live where it is: the new version gets no calls yet" };
    private readonly Option<FileInfo> _signature = new Option<FileInfo>("--signature") { Description = "The module's signature in base64, where the server wants one", HelpName = "FILE" }.AcceptExistingOnly();

    public PushCommand()
        : base("push", "Uploads a plugin that was built; the new version is live at once.", new Example("pluginhost push greeter", "uploads greeter/greeter.wasm as the plugin greeter"))
    {
        Add(_folder);
        Add(_plugin);
        Add(_configuration);
        Add(_noActivate);
        Add(_signature);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var project = PluginProject.Open(parsed.GetValue(_folder)!);
        var plugin = project.PluginNameOr(parsed.GetValue(_plugin));
        using var server = ServerClient.Of(parsed);

        if (parsed.GetValue(_configuration) is { } configuration)
            await server.ConfigureAsync(plugin, configuration, cancellation);

        Report.Pushed(terminal, await ModuleUpload.RunAsync(server, project, plugin, parsed.GetValue(_signature), !parsed.GetValue(_noActivate), terminal, cancellation));
        return ExitCode.Ok;
    }
}
