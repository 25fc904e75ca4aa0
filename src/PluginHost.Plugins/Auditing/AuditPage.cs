namespace PluginHost.Plugins.Auditing;

/// <summary>Entries of the audit log, the newest first.</summary>
/// <param name="NextPageToken">Asks for the page of older ones; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? NextPageToken);
