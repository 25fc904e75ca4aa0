namespace PluginHost.Plugins.Loading;

/// <summary>A Go module as the linker recorded it.</summary>
/// <param name="Version">Null where the linker knew none.</param>
/// <param name="Replacement">What a replace directive put in its place.</param>
public sealed record GoModule(string Path, string? Version, string? Sum, GoModule? Replacement = null);
