namespace PluginHost.Plugins.Access;

/// <summary>A key that callers are known by. Its secret is kept nowhere.</summary>
/// <param name="Id">The part of the key between its underscores; no secret.</param>
/// <param name="Plugin">The only plugin that the key is for; null for all.</param>
/// <param name="ExpiresAt">When it ends by itself; null for never.</param>
/// <param name="RequestsPerSecond">How often it may be used; null for the server's own limit.</param>
/// <param name="LastUsedAt">To the minute; null where it never was.</param>
public sealed record AccessKey(
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
