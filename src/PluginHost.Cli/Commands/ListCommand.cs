using System.CommandLine;
using System.Globalization;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Completion;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands;

/// <summary>Lists plugins, or what one of them has.</summary>
internal sealed class ListCommand : ToolCommand
{
    private readonly Argument<string?> _plugin = new("PLUGIN")
    {
        Description = "The plugin whose versions and exports to list",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "PLUGIN",
    };

    public ListCommand()
        : base(
            "ls",
            "Lists the plugins of the server, or the versions and exports of one.",
            new Example("pluginhost ls", "all plugins"),
            new Example("pluginhost ls greeter", "the versions of greeter, and what the live one exports"))
    {
        _plugin.CompletionSources.Add(ServerCompletions.Plugins);
        Add(_plugin);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = ServerClient.Of(parsed);

        if (parsed.GetValue(_plugin) is { } plugin)
            await ListVersionsAsync(server, plugin, terminal, cancellation);
        else
            await ListPluginsAsync(server, terminal, cancellation);

        return ExitCode.Ok;
    }

    private static async Task ListPluginsAsync(ServerClient server, Terminal terminal, CancellationToken cancellation)
    {
        var plugins = await server.PluginsAsync(cancellation);

        if (terminal.Json)
        {
            terminal.WriteJson(new PluginList(plugins, null), CliJsonContext.Default.PluginList);
            return;
        }

        var table = new TextTable("PLUGIN", "LIVE", "VERSIONS", "CHANGED");

        foreach (var plugin in plugins)
            table.Add(plugin.Name, plugin.Live is { } live ? Number(live) : "-", Number(plugin.VersionCount), Time(plugin.UpdatedAt));

        table.Write(terminal);
    }

    private static async Task ListVersionsAsync(ServerClient server, string plugin, Terminal terminal, CancellationToken cancellation)
    {
        var versions = await server.VersionsAsync(plugin, cancellation);
        var exports = versions.Count == 0 ? new ExportList(0, []) : await server.ExportsAsync(plugin, null, cancellation);

        if (terminal.Json)
        {
            terminal.WriteJson(new PluginContent(plugin, versions, exports), CliJsonContext.Default.PluginContent);
            return;
        }

        var table = new TextTable("VERSION", "UPLOADED", "SIZE", "GO", "DIGEST");

        foreach (var version in versions)
        {
            table.Add(
                version.Ordinal == exports.Version ? $"{Number(version.Ordinal)} live" : Number(version.Ordinal),
                Time(version.UploadedAt),
                Report.Size(version.Size),
                version.Metadata?.GoVersion ?? "-",
                version.Digest);
        }

        table.Write(terminal);
        var functions = new TextTable("EXPORT", "");

        foreach (var export in exports.Items)
            functions.Add(export.Signature(), export.Doc?.Split('\n')[0] ?? "");

        terminal.WriteLine("");
        functions.Write(terminal);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
