using System.CommandLine;
using System.Globalization;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Keys;

/// <summary>Lists keys.</summary>
internal sealed class ListKeysCommand : ToolCommand
{
    public ListKeysCommand()
        : base("ls", "Lists the keys, without their secrets.", new Example("pluginhost keys ls", "all keys, the newest first"))
    {
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = ServerClient.Of(parsed);
        var keys = await server.KeysAsync(cancellation);

        if (terminal.Json)
        {
            terminal.WriteJson(keys, CliJsonContext.Default.ServerKeys);
            return ExitCode.Ok;
        }

        var table = new TextTable("ID", "NAME", "SCOPES", "PLUGIN", "STATE", "LAST USED");

        foreach (var key in keys.Items)
            table.Add(key.Id, key.Name, string.Join(',', key.Scopes), key.Plugin ?? "-", State(key), Time(key.LastUsedAt));

        table.Write(terminal);
        return ExitCode.Ok;
    }

    private static string State(ServerKey key) => key switch
    {
        { RevokedAt: { } revoked } => $"revoked {Time(revoked)}",
        { ExpiresAt: { } expires } => $"{(expires <= DateTimeOffset.UtcNow ? "expired" : "until")} {Time(expires)}",
        _ => "valid",
    };

    private static string Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-";
}
