namespace PluginHost.Cli.Server;

/// <summary>Entries of the audit log, the newest first.</summary>
internal sealed record AuditEntries(IReadOnlyList<AuditLine> Items, string? NextPageToken);

/// <summary>One change, or an attempt at one.</summary>
internal sealed record AuditLine(
    long Id,
    DateTimeOffset At,
    string Caller,
    string CallerName,
    string Address,
    string Action,
    string Path,
    string? Plugin,
    string Result,
    long? RevisionBefore,
    long? RevisionAfter,
    string? Detail);
