namespace PluginHost.Plugins.Loading;

/// <summary>A Go module as the linker recorded it.</summary>
public sealed record GoModule(string Path, string? Version, string? Sum);
