using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A function that a module defines, in one of the module's instances.</summary>
internal sealed class DefinedFunction(WasmInstance owner, uint index, FunctionType type) : WasmFunction(type)
{
    public WasmInstance Owner { get; } = owner;

    /// <summary>The index in the owner's function index space.</summary>
    public uint Index { get; } = index;
}
