using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>What an engine made of a module: shared by all its instances, and made when it is first needed.</summary>
public abstract class ExecutableModule(WasmModule module)
{
    public WasmModule Module { get; } = module;

    /// <summary>The exports by name.</summary>
    internal Dictionary<string, Export> Exports { get; } = module.Exports.ToDictionary(export => export.Name, StringComparer.Ordinal);

    internal ProcessorUse Use { get; } = new();

    /// <summary>
    /// Makes an instance (spec 4.5.4): links imports, allocates memory, tables and globals, copies active segments and runs the start function.
    /// A Go reactor's <c>_initialize</c> is the caller's to call.
    /// </summary>
    /// <param name="budget">What the start function may use.</param>
    /// <exception cref="LinkException">An import is missing or of another type.</exception>
    /// <exception cref="TrapException">A segment does not fit, or the start function trapped.</exception>
    /// <exception cref="InstantiationException">The module declares more than the limits allow.</exception>
    public WasmInstance Instantiate(Imports imports, InstanceOptions? options = null, ExecutionBudget budget = default)
    {
        options ??= InstanceOptions.Default;
        return Instantiator.Instantiate(this, imports, options, budget);
    }

    /// <summary>What there is of the module's code now.</summary>
    public abstract TierStatistics Statistics();

    /// <summary>Makes the engine's kind of instance around what was linked; nothing of the guest runs yet.</summary>
    private protected abstract WasmInstance CreateInstance(InstanceLinks links, InstanceOptions options);

    internal WasmInstance Create(InstanceLinks links, InstanceOptions options) => CreateInstance(links, options);
}
