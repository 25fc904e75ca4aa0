namespace PluginHost.Wasm.Compiler;

internal enum NodeKind : byte
{
    Const,
    Local,
    Temporary,
    Operation,

    /// <summary>SP at the entry of a function of Go's, plus a constant.</summary>
    Sp,
}
