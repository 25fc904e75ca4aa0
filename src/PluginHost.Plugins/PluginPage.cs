namespace PluginHost.Plugins;

/// <summary>Plugins in the order of their names.</summary>
/// <param name="NextPageToken">Asks for the page behind this one; null at the end.</param>
public sealed record PluginPage(IReadOnlyList<Plugin> Plugins, string? NextPageToken);
