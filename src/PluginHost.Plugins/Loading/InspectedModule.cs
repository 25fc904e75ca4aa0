using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Loading;

/// <summary>A module of a kind that the host can run, as far as that can be seen without running it; its functions are yet to be validated.</summary>
internal sealed record InspectedModule(WasmModule Module, ModuleMetadata Metadata);
