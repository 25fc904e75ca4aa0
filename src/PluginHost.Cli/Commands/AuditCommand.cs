using System.CommandLine;
using System.Globalization;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Completion;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands;

/// <summary>Shows who changed what.</summary>
internal sealed class AuditCommand : ToolCommand
{
    private const int PageSize = 1_000;

    private readonly Option<string?> _plugin = new("--plugin") { Description = "Only what concerns this plugin", HelpName = "PLUGIN" };
    private readonly Option<string?> _caller = new("--caller") { Description = "Only what this key did, by its id", HelpName = "ID" };

    private readonly Option<int> _entries = new("--entries", "-n")
    {
        Description = "The newest entries at most",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 50,
    };

    public AuditCommand()
        : base(
            "audit",
            "Shows who changed what, the newest first, and who tried to. It takes a key with the scope admin.",
            new Example("pluginhost audit", "the newest fifty"),
            new Example("pluginhost audit --plugin greeter -n 1000 --json", "what became of one plugin, as JSON"))
    {
        _plugin.CompletionSources.Add(ServerCompletions.Plugins);
        Add(_plugin);
        Add(_caller);
        Add(_entries);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = ServerClient.Of(parsed);
        var entries = new List<AuditLine>();
        var wanted = parsed.GetValue(_entries);
        string? token = null;

        do
        {
            var page = await server.AuditAsync(Math.Clamp(wanted - entries.Count, 1, PageSize), token, parsed.GetValue(_plugin), parsed.GetValue(_caller), cancellation);
            entries.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token is not null && entries.Count < wanted);

        if (terminal.Json)
        {
            terminal.WriteJson(new AuditEntries(entries, token), CliJsonContext.Default.AuditEntries);
            return ExitCode.Ok;
        }

        var table = new TextTable("TIME", "WHO", "FROM", "WHAT", "RESULT", "REVISION", "DETAIL");

        foreach (var entry in entries)
        {
            table.Add(
                entry.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                entry.CallerName.Length > 0 ? entry.CallerName : "-",
                entry.Address,
                $"{entry.Action.Split(' ')[0]} {entry.Path}",
                entry.Result,
                Revisions(entry),
                entry.Detail ?? "");
        }

        table.Write(terminal);
        return ExitCode.Ok;
    }

    private static string Revisions(AuditLine entry) => (entry.RevisionBefore, entry.RevisionAfter) switch
    {
        (null, null) => "-",
        var (before, after) when before == after => string.Create(CultureInfo.InvariantCulture, $"{after}"),
        var (before, after) => $"{Number(before)} → {Number(after)}",
    };

    private static string Number(long? revision) => revision?.ToString(CultureInfo.InvariantCulture) ?? "–";
}
