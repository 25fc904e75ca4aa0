using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Invocation;

/// <summary>A result as callers see it.</summary>
/// <param name="ContentType">What bytes are; null where nobody says.</param>
public sealed record CallResult(DeclaredType Type, string? ContentType = null);
