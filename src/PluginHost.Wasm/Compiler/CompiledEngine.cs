using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>Tier 1 alone: all functions are compiled when the module is prepared, which takes long. It is there to test compiled code with.</summary>
public sealed class CompiledEngine : IExecutionEngine
{
    private CompiledEngine()
    {
    }

    public static CompiledEngine Instance { get; } = new();

    public string Name => "compiled";

    public ExecutableModule Prepare(WasmModule module, CompilationLimits? limits = null) => new InterpreterModule(module, CompilationMode.AtLoad, limits);
}
