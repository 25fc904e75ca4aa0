namespace PluginHost.Plugins.Manifests;

/// <summary>What a manifest says of a function that was registered with the SDK.</summary>
public sealed record ManifestHandler(string Name, ManifestValue Input, ManifestValue Output, string? Doc = null);
