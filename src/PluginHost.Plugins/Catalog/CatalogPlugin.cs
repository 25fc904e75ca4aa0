namespace PluginHost.Plugins.Catalog;

/// <summary>A plugin with its versions, the oldest first.</summary>
internal sealed record CatalogPlugin(Plugin Plugin, IReadOnlyList<PluginVersion> Versions);
