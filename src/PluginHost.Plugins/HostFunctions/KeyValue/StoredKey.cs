namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>A key with what is known of its value.</summary>
internal sealed record StoredKey(byte[] Key, long Version, long Length);
