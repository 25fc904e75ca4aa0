namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>A change of a store.</summary>
/// <param name="Store">The plugin whose store it is.</param>
/// <param name="Value">Null to delete.</param>
/// <param name="Expected">The version that there must be, 0 for none; null for any.</param>
internal sealed record KeyValueWrite(StoreName Store, byte[] Key, byte[]? Value, long? Expected, KeyValueLimits Limits);
