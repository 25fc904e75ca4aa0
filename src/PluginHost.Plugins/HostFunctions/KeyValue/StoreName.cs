namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>Whose store it is. A plugin that was deleted and made anew under its name has another.</summary>
/// <param name="CreatedAt">In milliseconds of Unix time, as the catalog has it.</param>
internal readonly record struct StoreName(string Plugin, long CreatedAt);
