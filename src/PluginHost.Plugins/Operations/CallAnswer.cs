namespace PluginHost.Plugins.Operations;

/// <summary>What a call was answered with over HTTP.</summary>
/// <param name="Version">The version that answered; null where none did.</param>
public sealed record CallAnswer(int Status, string? ContentType, string? Version, byte[] Body)
{
    /// <summary>Whether a guest came to its end, with a result or with an error of its own. Whatever else happened may go otherwise the next time.</summary>
    public bool IsConclusive { get; init; }

    /// <summary>Whether a guest ran at all.</summary>
    public bool HasRun { get; init; }

    /// <summary>When to try again, where it was not the time for it.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
