namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>What one plugin's store may hold.</summary>
/// <param name="Bytes">Of keys and values together.</param>
internal sealed record KeyValueLimits(int Keys, long Bytes);
