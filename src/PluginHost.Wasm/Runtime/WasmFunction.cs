using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A function instance (spec 4.2.6): an instance's own, or the host's.</summary>
public abstract class WasmFunction
{
    private protected WasmFunction(FunctionType type) => Type = type;

    public FunctionType Type { get; }
}
