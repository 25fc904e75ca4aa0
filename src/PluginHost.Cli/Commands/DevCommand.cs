using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Dev;
using PluginHost.Cli.Go;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands;

/// <summary>The developer's loop: watches the source, builds, uploads, calls.</summary>
internal sealed class DevCommand : ToolCommand
{
    private readonly Argument<string> _folder = Symbols.Folder();
    private readonly Option<string?> _plugin = Symbols.PluginName();
    private readonly Option<string?> _go = Symbols.Go();
    private readonly Option<bool> _noManifest = Symbols.NoManifest();

    private readonly Option<FileInfo> _configuration = Symbols.Configuration();

    private readonly Option<string[]> _calls = new("--invoke")
    {
        Description = "An export and its arguments, in one word of the shell, to call after each upload; may be there several times",
        HelpName = "'EXPORT ARGUMENT...'",
    };

    public DevCommand()
        : base(
            "dev",
            "Builds and uploads a plugin whenever its source changes, until Ctrl-C, and shows what it prints.",
            new Example("timeout -s INT 20 pluginhost dev greeter --invoke 'greet --name Gopher'", "for twenty seconds; without timeout, until Ctrl-C"))
    {
        Add(_folder);
        Add(_plugin);
        Add(_go);
        Add(_noManifest);
        Add(_calls);
        Add(_configuration);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var project = PluginProject.Open(parsed.GetValue(_folder)!);
        var plugin = project.PluginNameOr(parsed.GetValue(_plugin));
        using var server = ServerClient.Of(parsed);
        var go = await GoToolchain.FindAsync(parsed.GetValue(_go), cancellation);

        if (parsed.GetValue(_configuration) is { } configuration)
            await server.ConfigureAsync(plugin, configuration, cancellation);

        // Before the first build, so that nothing that is saved meanwhile is missed.
        using var watcher = new SourceWatcher(project.Folder);

        try
        {
            var loop = new DevLoop(go, project, plugin, parsed.GetValue(_calls) ?? [], server, terminal) { WritesManifest = !parsed.GetValue(_noManifest) };
            await loop.RunAsync(watcher, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how one ends it.
        }

        return ExitCode.Ok;
    }
}
