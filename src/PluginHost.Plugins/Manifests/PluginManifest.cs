namespace PluginHost.Plugins.Manifests;

/// <summary>What a plugin's author says of its functions, in the file plugin.json.</summary>
/// <param name="Manifest">The version of the format: 1.</param>
/// <param name="Requires">The grants that the plugin needs, for whoever configures it.</param>
public sealed record PluginManifest(
    int Manifest,
    string Name,
    string? Doc = null,
    IReadOnlyList<ManifestExport>? Exports = null,
    IReadOnlyList<ManifestHandler>? Handlers = null,
    IReadOnlyList<string>? Requires = null);
