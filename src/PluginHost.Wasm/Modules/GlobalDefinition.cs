namespace PluginHost.Wasm.Modules;

/// <summary>A global that the module defines (spec 2.5.6).</summary>
public sealed record GlobalDefinition(GlobalType Type, ConstantExpression Initializer);
