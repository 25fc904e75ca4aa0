using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>What runs when a guest calls a host function: it reads arguments from the call and sets its results there.</summary>
public delegate void HostCallback(ref HostCall call);

/// <summary>
/// A function of the host's that guests can import. It holds no instance's state, so one can serve every instance: what belongs to the calling instance
/// comes from <see cref="HostCall.State{T}"/>.
/// </summary>
public sealed class HostFunction(FunctionType type, HostCallback callback) : WasmFunction(type)
{
    internal HostCallback Callback { get; } = callback;
}
