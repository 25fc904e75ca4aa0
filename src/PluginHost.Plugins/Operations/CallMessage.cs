namespace PluginHost.Plugins.Operations;

/// <summary>A call as it came over HTTP.</summary>
/// <param name="Action">The last segment of its path.</param>
/// <param name="Query">With its question mark, or empty.</param>
/// <param name="DeadlineMilliseconds">As the caller has written it; null for the plugin's own.</param>
public sealed record CallMessage(string Plugin, string Export, string Action, string Query, string? ContentType, string? DeadlineMilliseconds, string? Affinity, string? Traceparent, byte[] Body);
