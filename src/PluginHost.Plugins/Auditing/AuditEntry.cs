namespace PluginHost.Plugins.Auditing;

/// <summary>One change, or an attempt at one.</summary>
/// <param name="Caller">The id of the key, the token's subject, or <c>anonymous</c>.</param>
/// <param name="Address">Where the request came from.</param>
/// <param name="Action">The method and the route: <c>PUT /v1/plugins/{plugin}</c>.</param>
/// <param name="Result"><c>done</c>, <c>unchanged</c>, <c>aborted</c>, or the code of the problem that was answered.</param>
/// <param name="RevisionBefore">Of the plugin; null where there was none, or where the change is not of its configuration.</param>
/// <param name="RevisionAfter">As <paramref name="RevisionBefore"/>.</param>
/// <param name="Detail">What else was changed: a version, a key.</param>
public sealed record AuditEntry(
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
