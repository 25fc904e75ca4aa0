using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Loading;

/// <summary>A module that is ready to be instantiated, shared by whatever pools there are for it.</summary>
internal sealed class LoadedModule(ExecutableModule executable)
{
    public ExecutableModule Executable { get; } = executable;

    public WasmModule Module => Executable.Module;

    /// <summary>The functions that can be called from outside.</summary>
    public IReadOnlyList<Export> Exports { get; } = [.. ModuleDescriber.Callable(executable.Module)];
}
