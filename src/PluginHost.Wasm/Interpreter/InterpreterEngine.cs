using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Interpreter;

/// <summary>Tier 0: runs modules by interpreting register code that is made of each function when it is first called.</summary>
public sealed class InterpreterEngine : IExecutionEngine
{
    private InterpreterEngine()
    {
    }

    public static InterpreterEngine Instance { get; } = new();

    public string Name => "interpreter";

    public ExecutableModule Prepare(WasmModule module, CompilationLimits? limits = null) => new InterpreterModule(module, CompilationMode.None);
}
