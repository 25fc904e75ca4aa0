using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Loading;

/// <summary>A module that is ready to be instantiated, shared by whatever pools there are for it.</summary>
/// <param name="engine">What prepared it.</param>
internal sealed class LoadedModule(IExecutionEngine engine, ExecutableModule executable)
{
    public IExecutionEngine Engine { get; } = engine;

    public ExecutableModule Executable { get; } = executable;

    public WasmModule Module => Executable.Module;

    /// <summary>The functions that can be called from outside.</summary>
    public IReadOnlyList<Export> Exports { get; } = [.. ModuleDescriber.Callable(executable.Module)];
}
