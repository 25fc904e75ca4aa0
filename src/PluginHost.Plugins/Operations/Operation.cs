using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Operations;

/// <summary>A call that nobody waits for. It is on the disk, so that a restart does not lose it.</summary>
/// <param name="Status">The HTTP status that the call would have been answered with; null as long as there is none.</param>
/// <param name="ExpiresAt">When it is forgotten, with its result; null as long as it goes on.</param>
public sealed record Operation(
    string Id,
    string Plugin,
    string Export,
    OperationState State,
    int? Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? ExpiresAt)
{
    [JsonIgnore]
    public bool IsGoing => State is OperationState.Queued or OperationState.Running;
}
