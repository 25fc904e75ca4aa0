namespace PluginHost.Wasm.Modules;

/// <summary>A custom section (spec 5.5.3), as a place in the module's bytes.</summary>
/// <param name="Offset">Where the content behind the name starts.</param>
/// <param name="Length">The length of the content.</param>
public readonly record struct CustomSection(string Name, int Offset, int Length);
