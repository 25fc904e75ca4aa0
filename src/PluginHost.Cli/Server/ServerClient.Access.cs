using System.Globalization;
using System.Net.Http.Json;

namespace PluginHost.Cli.Server;

/// <summary>Keys and the audit log.</summary>
internal sealed partial class ServerClient
{
    public Task<ServerKeys> KeysAsync(CancellationToken cancellation) => GetAsync("v1/keys", CliJsonContext.Default.ServerKeys, cancellation);

    public async Task<MadeServerKey> CreateKeyAsync(NewServerKey key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/keys") { Content = JsonContent.Create(key, CliJsonContext.Default.NewServerKey) };
        using var response = await SendAsync(request, cancellation);
        return await ReadAsync(response, CliJsonContext.Default.MadeServerKey, cancellation);
    }

    public async Task RevokeKeyAsync(string id, CancellationToken cancellation)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(id)}"), cancellation);
    }

    public Task<AuditEntries> AuditAsync(int pageSize, string? pageToken, string? plugin, string? caller, CancellationToken cancellation)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"v1/audit?pageSize={pageSize}");

        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("pageToken", pageToken), ("plugin", plugin), ("caller", caller)])
            query += value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

        return GetAsync(query, CliJsonContext.Default.AuditEntries, cancellation);
    }
}
