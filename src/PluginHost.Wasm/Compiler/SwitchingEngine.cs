using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// Both tiers, exchanged at random: functions are compiled at any time and at once, entered in the middle as soon as they can be, and left for the interpreter
/// again and again. It is slow, and there to show that no exchange changes a result.
/// </summary>
internal sealed class SwitchingEngine(int seed) : IExecutionEngine
{
    public string Name => "switching";

    public ExecutableModule Prepare(WasmModule module, CompilationLimits? limits = null) => new InterpreterModule(module, CompilationMode.AtRandom, limits, seed);
}
