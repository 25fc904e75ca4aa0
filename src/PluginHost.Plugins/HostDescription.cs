namespace PluginHost.Plugins;

/// <summary>What this server is and offers.</summary>
/// <param name="Engine">How plugins are run whose configuration does not say.</param>
/// <param name="Engines">The engines that a plugin's configuration can choose.</param>
/// <param name="WasiFunctions">The functions that modules may import, as <c>module.name</c>.</param>
public sealed record HostDescription(string Version, string Runtime, PluginHostLimits Limits, string Engine, IReadOnlyList<string> Engines, IReadOnlyList<string> WasiFunctions);
