namespace PluginHost.Plugins;

/// <summary>A plugin's versions, the newest first.</summary>
/// <param name="NextPageToken">Asks for the page behind this one; null at the end.</param>
public sealed record VersionPage(IReadOnlyList<PluginVersion> Items, string? NextPageToken);
