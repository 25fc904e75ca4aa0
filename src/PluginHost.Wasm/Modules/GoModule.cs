namespace PluginHost.Wasm.Modules;

/// <summary>A Go module that a program was built from.</summary>
/// <param name="Sum">Its checksum; empty for the main module and for replaced ones.</param>
/// <param name="Replacement">What <c>replace</c> put in its place.</param>
public sealed record GoModule(string Path, string Version, string Sum, GoModule? Replacement = null);
