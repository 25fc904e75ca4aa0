using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Invocation;

/// <summary>A parameter as callers see it.</summary>
/// <param name="Name">Null where no manifest names it.</param>
/// <param name="Slot">The place of its number, or of its pointer with the length behind it, among the arguments.</param>
public sealed record CallParameter(string? Name, DeclaredType Type, int Slot);
