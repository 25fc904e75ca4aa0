namespace PluginHost.Wasm.Modules;

/// <summary>The size range of a memory, in pages of 64 KiB, or of a table, in elements (spec 2.3.4).</summary>
public readonly record struct Limits(uint Minimum, uint? Maximum);
