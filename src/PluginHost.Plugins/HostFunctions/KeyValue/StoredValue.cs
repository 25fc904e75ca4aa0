namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>A value with its version.</summary>
internal sealed record StoredValue(byte[] Value, long Version);
