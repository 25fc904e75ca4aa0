namespace PluginHost.Wasm.Runtime;

/// <summary>
/// Where references to functions live (spec 4.2.3): a reference is 0 for null, or the number by which the store knows the function. References to
/// externals are the host's own numbers, of which 0 is null.
/// </summary>
public sealed class Store
{
    /// <summary>The reference to a function, which the store remembers for its own lifetime.</summary>
    public ulong Reference(WasmFunction function) => throw new NotImplementedException();

    /// <summary>The function that a reference names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The reference is null or unknown.</exception>
    public WasmFunction Function(ulong reference) => throw new NotImplementedException();
}
