namespace PluginHost.Api.Calls;

/// <summary>The headers of calls that are no others' standard.</summary>
internal static class CallHeaders
{
    public const string Deadline = "PluginHost-Deadline-Ms";
    public const string Affinity = "PluginHost-Affinity";
    public const string Version = "PluginHost-Version";

    /// <summary>By which callers name a request that they may send again (draft-ietf-httpapi-idempotency-key-header).</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Says of an answer that it was given before.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>RFC 7240.</summary>
    public const string Prefer = "Prefer";

    public const string PreferenceApplied = "Preference-Applied";
}
