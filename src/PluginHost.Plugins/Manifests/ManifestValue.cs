using System.Text.Json;

namespace PluginHost.Plugins.Manifests;

/// <summary>What goes into a handler or comes out of a function.</summary>
/// <param name="ContentType">What bytes are answered as.</param>
/// <param name="Schema">Of JSON: a JSON Schema of the draft 2020-12.</param>
public sealed record ManifestValue(DeclaredType Type, string? ContentType = null, JsonElement? Schema = null);
