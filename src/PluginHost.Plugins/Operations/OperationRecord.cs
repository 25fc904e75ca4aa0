namespace PluginHost.Plugins.Operations;

/// <summary>An operation as the catalog has it.</summary>
internal sealed record OperationRecord(string Id, string Plugin, string Export, string Caller, string? Key, byte[]? Fingerprint, DateTimeOffset CreatedAt)
{
    /// <summary>Its place among all, the oldest first; only in a list.</summary>
    public long Place { get; init; }

    /// <summary>False for one whose caller has waited for its answer: only a repetition finds it.</summary>
    public bool IsAsync { get; init; } = true;

    public OperationState State { get; init; }

    public int? Status { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public Operation ToOperation(TimeSpan kept) => new(Id, Plugin, Export, State, Status, CreatedAt, StartedAt, EndedAt, EndedAt + kept);
}
