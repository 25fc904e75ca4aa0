using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Loading;

/// <summary>A module that is ready to be instantiated, shared by whatever pools there are for it.</summary>
/// <param name="engine">What prepared it.</param>
internal sealed class LoadedModule(IExecutionEngine engine, ExecutableModule executable)
{
    // Asked for only where a function takes bytes: whether a module is Go's is a search through its data.
    private readonly Lazy<bool> _hasArgumentArea = new(() => ArgumentArea.IsFreeIn(executable.Module));

    public IExecutionEngine Engine { get; } = engine;

    public ExecutableModule Executable { get; } = executable;

    public WasmModule Module => Executable.Module;

    /// <summary>The functions that can be called from outside.</summary>
    public IReadOnlyList<Export> Exports { get; } = [.. ModuleDescriber.Callable(executable.Module)];

    /// <summary>Whether the guest offers memory for arguments.</summary>
    public bool HasBuffer { get; } = ReservedExports.Has(executable.Module, ReservedExports.Buffer);

    /// <summary>
    /// Whether the guest leaves <see cref="ArgumentArea"/> to its host. Go's linker puts no data below it in any module, for the sake of a JavaScript host
    /// that puts arguments there (wasmMinDataAddr in cmd/link/internal/ld/data.go), and no Go code allocates there.
    /// </summary>
    public bool HasArgumentArea => _hasArgumentArea.Value;

    /// <summary>The place of <see cref="ReservedExports.Handle"/> in an instance's list of functions: behind the exports.</summary>
    public int HandleIndex => Exports.Count;

    /// <summary>The place of <see cref="ReservedExports.Buffer"/> in an instance's list of functions.</summary>
    public int BufferIndex => Exports.Count + 1;

    /// <summary>How many functions an instance's list has.</summary>
    public int FunctionCount => Exports.Count + 2;

    public string FunctionName(int index) => index == HandleIndex ? ReservedExports.Handle : index == BufferIndex ? ReservedExports.Buffer : Exports[index].Name;
}
