namespace PluginHost.Wasm.Modules;

/// <summary>One export (spec 2.5.10): a name for the element <paramref name="Index"/> of the index space of <paramref name="Kind"/>.</summary>
public sealed record Export(string Name, ExternalKind Kind, uint Index);
