using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins;

/// <summary>The engines that plugins may choose from: all, but where the server's is the interpreter only that one, as its operator wants no generated code.</summary>
/// <param name="server">The name of the server's.</param>
internal sealed class EngineChoice(string server)
{
    /// <summary>What runs the plugins that choose none.</summary>
    public IExecutionEngine Server { get; } = ExecutionEngines.Named(server);

    public IReadOnlyList<string> Names => Server == InterpreterEngine.Instance ? [Server.Name] : ExecutionEngines.Names;

    /// <summary>
    /// What runs a plugin. A catalog may name an engine that the server allowed before it was started with other settings, or had in another release: then it is the server's.
    /// </summary>
    /// <param name="name">Of the plugin's choice; null for none.</param>
    public IExecutionEngine Of(string? name) => name is not null && Names.Contains(name, StringComparer.Ordinal) ? ExecutionEngines.Named(name) : Server;
}
