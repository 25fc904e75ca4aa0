namespace PluginHost.Wasm.Compiler;

/// <summary>The types by which generated code handles WebAssembly's values.</summary>
internal static class IlTypes
{
    /// <summary>The pointer by which code knows its instance.</summary>
    public static Type Instance { get; } = typeof(byte*);

    /// <summary>References are their bits; see <see cref="Runtime.Store"/>.</summary>
    public static Type Of(ValueType type) => type switch
    {
        ValueType.I32 => typeof(int),
        ValueType.F32 => typeof(float),
        ValueType.F64 => typeof(double),
        _ => typeof(long),
    };
}
