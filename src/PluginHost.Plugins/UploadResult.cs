namespace PluginHost.Plugins;

/// <summary>The version that an upload made, or found already there.</summary>
public sealed record UploadResult(PluginVersion Version, bool Created);
