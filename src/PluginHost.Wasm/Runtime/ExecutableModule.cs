using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>What an engine made of a module: shared by all its instances, and made when it is first needed.</summary>
public abstract class ExecutableModule(WasmModule module)
{
    public WasmModule Module { get; } = module;

    /// <summary>
    /// Makes an instance (spec 4.5.4): links imports, allocates memory, tables and globals, copies active segments and runs the start function.
    /// A Go reactor's <c>_initialize</c> is the caller's to call.
    /// </summary>
    /// <exception cref="LinkException">An import is missing or of another type.</exception>
    /// <exception cref="TrapException">A segment does not fit, or the start function trapped.</exception>
    /// <exception cref="InstantiationException">The module declares more than the limits allow.</exception>
    public abstract WasmInstance Instantiate(Imports imports, InstanceOptions options);
}
