namespace PluginHost.Plugins;

/// <summary>The host cannot start; the message is one sentence for whoever runs it.</summary>
public sealed class PluginHostStartException(string message, Exception? inner = null) : Exception(message, inner);
