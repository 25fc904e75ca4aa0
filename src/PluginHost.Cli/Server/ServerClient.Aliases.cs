using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace PluginHost.Cli.Server;

/// <summary>Aliases.</summary>
internal sealed partial class ServerClient
{
    public Task<ServerAliases> AliasesAsync(string plugin, CancellationToken cancellation) =>
        GetAsync($"{PathOf(plugin)}/aliases", CliJsonContext.Default.ServerAliases, cancellation);

    /// <summary>Points an alias, whatever it is now: who types the command has decided.</summary>
    public async Task<ServerAlias> PutAliasAsync(string plugin, string alias, IReadOnlyList<ServerAliasTarget> targets, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, PathOf(plugin, alias)) { Content = JsonContent.Create(new NewAliasTargets(targets), CliJsonContext.Default.NewAliasTargets) };

        // A new one has nothing that `*` could match.
        if ((await AliasesAsync(plugin, cancellation)).Aliases.Any(present => present.Name == alias))
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);

        using var response = await SendAsync(request, cancellation);
        return await ReadAsync(response, CliJsonContext.Default.ServerAlias, cancellation);
    }

    public async Task<ServerAlias> RollBackAliasAsync(string plugin, string alias, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, PathOf(plugin, alias) + "/rollback");
        using var response = await SendAsync(request, cancellation);
        return await ReadAsync(response, CliJsonContext.Default.ServerAlias, cancellation);
    }

    private static string PathOf(string plugin, string alias) => $"{PathOf(plugin)}/aliases/{Uri.EscapeDataString(alias)}";
}
