namespace PluginHost.Wasm.Modules;

/// <summary>A language or tool that a module was made with.</summary>
/// <param name="Field"><c>language</c>, <c>processed-by</c> or <c>sdk</c>.</param>
public sealed record Producer(string Field, string Name, string Version);
