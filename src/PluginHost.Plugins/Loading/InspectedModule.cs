using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Loading;

/// <summary>A valid module of a kind that the host can run, as far as that can be seen without running it.</summary>
internal sealed record InspectedModule(WasmModule Module, ModuleMetadata Metadata);
