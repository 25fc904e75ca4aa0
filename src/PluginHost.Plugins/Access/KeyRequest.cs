using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Access;

/// <summary>What a new key is to be.</summary>
/// <param name="Name">What people call it: 1 to 100 characters.</param>
/// <param name="Scopes">At least one of read, invoke, deploy and admin.</param>
/// <param name="Plugin">The only plugin that it is for; all without it.</param>
/// <param name="ExpiresAt">When it ends by itself; never without it.</param>
/// <param name="RequestsPerSecond">How often it may be used; the server's own limit without it.</param>
/// <param name="Burst">How many requests may come at once; as many as in a second without it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record KeyRequest(
    string? Name, IReadOnlyList<string>? Scopes, string? Plugin = null, DateTimeOffset? ExpiresAt = null, int? RequestsPerSecond = null, int? Burst = null);
