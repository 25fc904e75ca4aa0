namespace PluginHost.Wasm.Compiler;

/// <summary>What the compiled code of one module may take.</summary>
public sealed record CompilationLimits
{
    public static CompilationLimits Default { get; } = new();

    /// <summary>The bytes of .NET IL, of which the machine code is a small multiple. The first function that does not fit, and all after it, stay interpreted.</summary>
    public long IlBytes { get; init; } = 32 * 1024 * 1024;
}
