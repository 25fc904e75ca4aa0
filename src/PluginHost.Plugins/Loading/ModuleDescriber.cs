using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Loading;

/// <summary>Describes a module for its version's metadata.</summary>
internal static class ModuleDescriber
{
    public static ModuleMetadata Describe(WasmModule module)
    {
        var exports = Callable(module)
            .Select(export => new ExportDescription(export.Name, Names(module.FunctionType(export.Index).Parameters), Names(module.FunctionType(export.Index).Results)))
            .ToList();

        // Go's linker imports some functions twice.
        var imports = module.Imports
            .Where(import => import.Kind == ExternalKind.Function)
            .DistinctBy(import => (import.Module, import.Name, import.TypeIndex))
            .Select(import =>
            {
                var type = module.Types[(int)import.TypeIndex];
                return new ImportDescription(import.Module, import.Name, Names(type.Parameters), Names(type.Results));
            })
            .ToList();

        var warnings = new List<string>();

        if (exports.Count == 0 && !ReservedExports.Has(module, ReservedExports.Handlers))
            warnings.Add("The module exports no function to call. A Go function is exported by a //go:wasmexport comment in front of it.");

        var build = module.GoBuildInfo;
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);

        foreach (var (key, value) in build?.Settings ?? [])
            settings[key] = value;

        return new ModuleMetadata(
            exports,
            imports,
            build?.GoVersion,
            build?.Path,
            GoModule(build?.Main),
            [.. (build?.Dependencies ?? []).Select(dependency => GoModule(dependency)!)],
            settings,
            warnings);
    }

    /// <summary>The exported functions that can be called: all but <c>_initialize</c>, which the pool calls, and the SDK's own.</summary>
    public static IEnumerable<Export> Callable(WasmModule module) => module.Exports
        .Where(export => export.Kind == ExternalKind.Function && !string.Equals(export.Name, ModuleInspector.Initialize, StringComparison.Ordinal) && !ReservedExports.IsReserved(export.Name));

    /// <summary>TinyGo names itself in the names of its runtime's functions.</summary>
    public static bool IsTinyGo(WasmModule module) => module.Bytes.AsSpan().IndexOf("tinygo"u8) >= 0 || module.Bytes.AsSpan().IndexOf("TinyGo"u8) >= 0;

    private static GoModule? GoModule(Wasm.Modules.GoModule? module) => module is null
        ? null
        : new GoModule(module.Path, NullIfEmpty(module.Version), NullIfEmpty(module.Sum), GoModule(module.Replacement));

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static List<string> Names(IEnumerable<ValueType> types) => [.. types.Select(type => type.Name())];
}
