namespace PluginHost.Plugins.Loading;

/// <summary>What a module says of itself.</summary>
/// <param name="Exports">The functions that can be called: those it exports, other than <c>_initialize</c>, and those registered with the SDK.</param>
/// <param name="Imports">The functions it imports, each once.</param>
/// <param name="GoVersion">The Go release that built it, <c>go1.24.4</c>, or null where it is not Go's.</param>
/// <param name="MainModule">The module that contains the main package.</param>
/// <param name="Dependencies">The modules that were linked in.</param>
/// <param name="BuildSettings">The settings the linker recorded, by key.</param>
/// <param name="Warnings">What is allowed and still probably not meant.</param>
/// <param name="Doc">What the manifest says of the plugin as a whole.</param>
public sealed record ModuleMetadata(
    IReadOnlyList<ExportDescription> Exports,
    IReadOnlyList<ImportDescription> Imports,
    string? GoVersion,
    string? MainPackage,
    GoModule? MainModule,
    IReadOnlyList<GoModule> Dependencies,
    IReadOnlyDictionary<string, string> BuildSettings,
    IReadOnlyList<string> Warnings,
    string? Doc = null);
