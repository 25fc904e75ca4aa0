using PluginHost.Wasm.Compiler;
using PluginHost.Wasm.Interpreter;

namespace PluginHost.Wasm.Runtime;

/// <summary>The ways to run a module that there are, by name: the one list that configuration, tools and tests read.</summary>
public static class ExecutionEngines
{
    /// <summary>The one that is used where none is named.</summary>
    public static IExecutionEngine Default => TieredEngine.Instance;

    public static IReadOnlyList<IExecutionEngine> All { get; } = [InterpreterEngine.Instance, TieredEngine.Instance, CompiledEngine.Instance];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(engine => engine.Name)];

    /// <summary>Finds an engine.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those that there are.</exception>
    public static IExecutionEngine Named(string name) =>
        All.FirstOrDefault(engine => engine.Name == name)
        ?? throw new ArgumentException($"There is no engine '{name}'; there are: {string.Join(", ", Names)}.", nameof(name));
}
