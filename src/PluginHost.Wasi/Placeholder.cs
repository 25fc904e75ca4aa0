namespace PluginHost.Wasi;

internal static class Placeholder;
