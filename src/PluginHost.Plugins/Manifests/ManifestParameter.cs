using System.Text.Json;

namespace PluginHost.Plugins.Manifests;

/// <summary>A parameter by name and type.</summary>
/// <param name="ContentType">Of bytes, for whoever reads the description.</param>
/// <param name="Schema">Of JSON: a JSON Schema of the draft 2020-12.</param>
public sealed record ManifestParameter(string Name, DeclaredType Type, string? ContentType = null, JsonElement? Schema = null);
