namespace PluginHost.Wasm.Compiler;

/// <summary>One value of the operand stack.</summary>
/// <param name="Node">What computes it; null for a value that stands on the evaluation stack of the generated code, in the same order as here.</param>
internal readonly record struct StackEntry(Node? Node, ValueType Type);
