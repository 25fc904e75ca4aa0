namespace PluginHost.Wasm.Runtime;

/// <summary>What the interpreter has made of a module.</summary>
/// <param name="Functions">Those that have been called; their code stays when they are compiled.</param>
/// <param name="Bytes">What their register code takes.</param>
public sealed record InterpretedCode(int Functions, long Bytes);
