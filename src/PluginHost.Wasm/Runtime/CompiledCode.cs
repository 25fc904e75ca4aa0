namespace PluginHost.Wasm.Runtime;

/// <summary>What the compiler has made of a module.</summary>
/// <param name="Functions">Those that have compiled code.</param>
/// <param name="IlBytes">The bytes of .NET IL that were compiled.</param>
public sealed record CompiledCode(int Functions, long IlBytes);
