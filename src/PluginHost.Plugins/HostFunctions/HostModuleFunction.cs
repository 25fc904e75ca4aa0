using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>A C# method as guests import it.</summary>
/// <param name="Grant">What a plugin needs to import it; null for nothing.</param>
internal sealed record HostModuleFunction(string Module, string Name, HostGrant? Grant, FunctionType Type, HostCallback Callback)
{
    public override string ToString() => $"{Module}.{Name}";
}
