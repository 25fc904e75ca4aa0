namespace PluginHost.Plugins.HostFunctions.Calls;

/// <summary>What became of a call from plugin to plugin.</summary>
/// <param name="Json">The results, or the problem, as the API has them.</param>
public readonly record struct PluginCallAnswer(bool Succeeded, ReadOnlyMemory<byte> Json);
