namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>A host's name leads to addresses that a plugin may not reach.</summary>
internal sealed class AddressRefusedException(string message) : IOException(message);
