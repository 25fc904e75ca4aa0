using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>Both tiers: the interpreter runs a function until it is hot, and compiled code from then on.</summary>
public sealed class TieredEngine : IExecutionEngine
{
    private TieredEngine()
    {
    }

    public static TieredEngine Instance { get; } = new();

    public string Name => "tiered";

    public ExecutableModule Prepare(WasmModule module, CompilationLimits? limits = null) => new InterpreterModule(module, CompilationMode.WhenHot, limits);
}
