namespace PluginHost.Plugins.Manifests;

/// <summary>What a manifest says of an exported function.</summary>
public sealed record ManifestExport(string Name, string? Doc = null, IReadOnlyList<ManifestParameter>? Parameters = null, ManifestValue? Result = null);
