namespace PluginHost.Plugins;

/// <summary>A plugin that was created or whose configuration was replaced.</summary>
public sealed record PluginPutResult(Plugin Plugin, bool Created);
