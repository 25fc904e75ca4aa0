namespace PluginHost.Plugins;

internal static class Placeholder;
