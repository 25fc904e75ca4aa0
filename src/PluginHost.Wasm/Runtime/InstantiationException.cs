namespace PluginHost.Wasm.Runtime;

/// <summary>A module cannot be instantiated for a reason that is neither its imports nor a trap: a limit of the host is smaller than what it declares.</summary>
public sealed class InstantiationException(string message) : Exception(message);
