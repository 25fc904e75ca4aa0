namespace PluginHost.Plugins.Auditing;

/// <summary>
/// What the audit log will say of the change that a request is about to make. It goes along with the request, and the catalog writes it in the transaction of the
/// change itself.
/// </summary>
public sealed class AuditDraft
{
    private const int MaximumText = 256;

    private static readonly AsyncLocal<AuditDraft?> Ambient = new();

    internal AuditDraft(DateTimeOffset at, string caller, string callerName, string address, string action, string path, string? plugin)
    {
        At = at;
        Caller = Limited(caller);
        CallerName = Limited(callerName);
        Address = address;
        Action = action;
        Path = Limited(path);
        Plugin = plugin is null ? null : Limited(plugin);
        Ambient.Value = this;
    }

    /// <summary>The change that is being made, where somebody asked for it.</summary>
    public static AuditDraft? Current => Ambient.Value;

    internal DateTimeOffset At { get; }

    internal string Caller { get; }

    internal string CallerName { get; }

    internal string Address { get; }

    internal string Action { get; }

    internal string Path { get; }

    internal string? Plugin { get; }

    internal long? RevisionBefore { get; private set; }

    internal long? RevisionAfter { get; private set; }

    internal string? Detail { get; private set; }

    /// <summary>Whether the log has it: one request leaves one entry.</summary>
    internal bool IsWritten { get; set; }

    /// <summary>Says which revisions a plugin had before and after the change.</summary>
    public void Revisions(long? before, long? after) => (RevisionBefore, RevisionAfter) = (before, after);

    /// <summary>Says what was changed, where the path does not tell.</summary>
    public void Describe(string detail) => Detail = Limited(detail);

    private static string Limited(string text) => text.Length <= MaximumText ? text : text[..MaximumText];
}
