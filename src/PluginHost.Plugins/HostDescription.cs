namespace PluginHost.Plugins;

/// <summary>What this server is and offers.</summary>
/// <param name="Engines">The execution engines, by name.</param>
/// <param name="WasiFunctions">The functions that modules may import, as <c>module.name</c>.</param>
public sealed record HostDescription(string Version, string Runtime, PluginHostLimits Limits, IReadOnlyList<string> Engines, IReadOnlyList<string> WasiFunctions);
