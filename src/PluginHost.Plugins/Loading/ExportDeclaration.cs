using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Loading;

/// <summary>What a function takes and gives by its manifest, or by its registration with the SDK.</summary>
public sealed record ExportDeclaration(IReadOnlyList<ManifestParameter> Parameters, ManifestValue? Result);
