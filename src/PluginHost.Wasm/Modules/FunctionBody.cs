namespace PluginHost.Wasm.Modules;

/// <summary>One entry of the code section (spec 5.5.13), as a place in the module's bytes.</summary>
/// <param name="Offset">Where the entry's declarations of locals start.</param>
/// <param name="Length">The length of declarations and code together.</param>
public readonly record struct FunctionBody(int Offset, int Length);
