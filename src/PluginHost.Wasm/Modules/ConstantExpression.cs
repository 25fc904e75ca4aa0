namespace PluginHost.Wasm.Modules;

/// <summary>
/// A constant expression (spec 3.3.10) as its validated bytes in the module, the closing <c>end</c> included. It is evaluated at instantiation.
/// </summary>
/// <param name="Offset">Where the expression starts in the module's bytes.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct ConstantExpression(int Offset, int Length);
