namespace PluginHost.Plugins.Loading;

/// <summary>A function that can be called, and its type in the names of the text format.</summary>
/// <param name="Parameters">Of a handler: those of a plain export of the same kind.</param>
/// <param name="Doc">The comment of the source, where a manifest has it.</param>
/// <param name="Declared">What the values mean; null where the WebAssembly types are all that is known.</param>
public sealed record ExportDescription(
    string Name,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<string> Results,
    ExportKind Kind = ExportKind.Export,
    string? Doc = null,
    ExportDeclaration? Declared = null);
