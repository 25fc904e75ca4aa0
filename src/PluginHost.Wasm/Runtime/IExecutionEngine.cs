using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// The seam between modules and the ways to run them. An engine is stateless and shared; what it keeps for a module is an <see cref="ExecutableModule"/>.
/// </summary>
public interface IExecutionEngine
{
    /// <summary>The name by which configuration and tests choose the engine.</summary>
    string Name { get; }

    /// <summary>Prepares a module for running: cheap, as code is made when it is first needed.</summary>
    /// <param name="limits">What its compiled code may take, where the engine compiles; null for <see cref="CompilationLimits.Default"/>.</param>
    ExecutableModule Prepare(WasmModule module, CompilationLimits? limits = null);
}
