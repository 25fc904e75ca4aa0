namespace PluginHost.Cli.Server;

/// <summary>All keys, the newest first.</summary>
internal sealed record ServerKeys(IReadOnlyList<ServerKey> Items);

/// <summary>A key without its secret.</summary>
internal sealed record ServerKey(
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    string? Plugin,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    int? RequestsPerSecond,
    int? Burst,
    DateTimeOffset? LastUsedAt);

/// <summary>What a new key is to be.</summary>
internal sealed record NewServerKey(string Name, IReadOnlyList<string> Scopes, string? Plugin, DateTimeOffset? ExpiresAt, int? RequestsPerSecond, int? Burst);

/// <summary>A new key, and the one time that it is shown whole.</summary>
internal sealed record MadeServerKey(ServerKey Key, string Secret);
