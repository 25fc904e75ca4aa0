namespace PluginHost.Wasm.Modules;

/// <summary>Bytes that stand together in a memory.</summary>
/// <param name="Address">Where the first one stands.</param>
/// <param name="Offset">Where the first one is in <see cref="DataImage.Bytes"/>.</param>
public readonly record struct DataRun(uint Address, int Offset, int Length);
