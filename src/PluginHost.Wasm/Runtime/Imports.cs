using System.Diagnostics.CodeAnalysis;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// What the host offers for import, by module and name. Functions can be shared by every instance; memories, tables and globals belong to the instances
/// that import them.
/// </summary>
public sealed class Imports
{
    private readonly Dictionary<(string Module, string Name), object> _offered = [];

    /// <summary>Offers a host function; a second one of the same name replaces the first.</summary>
    public Imports Add(string module, string name, FunctionType type, HostCallback callback) => Add(module, name, new HostFunction(type, callback));

    public Imports Add(string module, string name, WasmFunction function) => Set(module, name, function);

    public Imports Add(string module, string name, LinearMemory memory) => Set(module, name, memory);

    public Imports Add(string module, string name, Table table) => Set(module, name, table);

    public Imports Add(string module, string name, Global global) => Set(module, name, global);

    /// <summary>Offers everything that an instance exports, under the given module name.</summary>
    public Imports Add(string module, WasmInstance instance)
    {
        foreach (var export in instance.Module.Exports)
            Set(module, export.Name, instance.Export(export.Name));

        return this;
    }

    /// <summary>The names offered under a module, for messages and listings.</summary>
    public IEnumerable<(string Module, string Name)> Names => _offered.Keys;

    internal bool TryGet(string module, string name, [NotNullWhen(true)] out object? offered) => _offered.TryGetValue((module, name), out offered);

    private Imports Set(string module, string name, object offered)
    {
        _offered[(module, name)] = offered;
        return this;
    }
}
