using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Plugins.Loading;

/// <summary>Looks at uploaded bytes: refuses what cannot run here, each kind by its name, and describes what can.</summary>
internal static class ModuleInspector
{
    public const string Initialize = "_initialize";

    private const string Start = "_start";
    private const int MaximumListed = 10_000;
    private const int MaximumNameCharacters = 1_024;

    private static readonly string[] JavaScriptModules = ["gojs", "go"];

    public static Outcome<InspectedModule> Inspect(byte[] bytes, ModuleLimits limits)
    {
        if (UploadedFormat.Refusal(bytes) is { } refusal)
            return refusal;

        WasmModule? module = null;

        if (Invalid(bytes, () => module = WasmModule.Load(bytes, limits, validateBodies: false)) is { } invalid)
            return invalid;

        return Refusal(module!) is { } kind ? kind : new InspectedModule(module!, ModuleDescriber.Describe(module!));
    }

    /// <summary>What is not valid of an inspected module's functions, or null.</summary>
    public static PluginFailure? InvalidBodies(WasmModule module) => Invalid(module.Bytes, module.ValidateBodies);

    /// <summary>A link failure in words, with what is known of hosts that do offer such imports.</summary>
    /// <param name="modules">The modules of host functions that there are.</param>
    public static PluginFailure Unlinkable(WasmModule module, IReadOnlyList<UnresolvedImport> unresolved, IEnumerable<string> modules)
    {
        var origins = unresolved.Select(import => Origin(import.Module)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var shown = unresolved.Take(8).Select(import => import.ToString()).ToList();
        var more = unresolved.Count - shown.Count;
        var producer = ModuleDescriber.IsTinyGo(module) ? " The module was built by TinyGo." : "";

        return new PluginFailure(
            FailureCode.UnsupportedImport,
            $"The module needs imports that this host does not offer: {string.Join("; ", shown)}{(more > 0 ? $"; and {more} more" : "")}.{producer}{string.Concat(origins.Select(origin => " " + origin))}")
        {
            Hint = $"This host offers wasi_snapshot_preview1, {string.Join(", ", modules)}. Build a Go plugin with: {GoBuild.Command}",
            UnresolvedImports = [.. unresolved.Take(MaximumListed)],
        };
    }

    private static PluginFailure? Invalid(byte[] bytes, Action validate)
    {
        try
        {
            validate();
            return null;
        }
        catch (MalformedModuleException exception)
        {
            return UploadedFormat.Truncation(bytes) ?? GoBuild.Refusal($"The module is malformed: {exception.Message}.", exception.Offset);
        }
        catch (InvalidModuleException exception)
        {
            return GoBuild.Refusal($"The module is not valid: {exception.Message}.", exception.Offset) with
            {
                Function = exception.FunctionName ?? exception.FunctionIndex?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
        }
    }

    private static string? Origin(string module) => module switch
    {
        "env" => "Imports of 'env' are those of TinyGo, Emscripten or of functions of a host's own.",
        "wasi_unstable" => "'wasi_unstable' is the version of WASI before preview 1.",
        "wbg" or "__wbindgen_placeholder__" => "The module was made by wasm-bindgen for a JavaScript host.",
        _ when module.StartsWith("wasi:", StringComparison.Ordinal) => "Imports of 'wasi:…' belong to WASI preview 2, which needs the component model.",
        _ when module.StartsWith("wasix", StringComparison.Ordinal) => "The module was built for WASIX.",
        _ when module.StartsWith("extism", StringComparison.Ordinal) => "The module was built for Extism.",
        _ => null,
    };

    private static PluginFailure? Refusal(WasmModule module)
    {
        if (module.Imports.Any(import => JavaScriptModules.Contains(import.Module, StringComparer.Ordinal)))
        {
            return GoBuild.Refusal("The module was built by Go for a JavaScript host (GOOS=js): it imports functions that only Go's wasm_exec.js offers.") with
            {
                Code = FailureCode.UnsupportedImport,
            };
        }

        Export? initialize = null;
        Export? start = null;
        var callable = 0;

        foreach (var export in module.Exports)
        {
            if (export.Name.Length > MaximumNameCharacters)
                return GoBuild.Refusal($"The module exports a name of {export.Name.Length} characters, and {MaximumNameCharacters} is the limit.");

            if (export.Kind != ExternalKind.Function)
                continue;

            callable++;

            if (string.Equals(export.Name, Initialize, StringComparison.Ordinal))
                initialize = export;
            else if (string.Equals(export.Name, Start, StringComparison.Ordinal))
                start = export;
        }

        if (callable > MaximumListed || module.Imports.Length > MaximumListed)
            return GoBuild.Refusal($"The module has {callable} exported functions and {module.Imports.Length} imports, and {MaximumListed} of each is the limit.");

        foreach (var import in module.Imports)
        {
            if (import.Module.Length > MaximumNameCharacters || import.Name.Length > MaximumNameCharacters)
                return GoBuild.Refusal($"The module imports a name that is longer than the limit of {MaximumNameCharacters} characters.");
        }

        if (start is not null && initialize is null)
        {
            return GoBuild.Refusal(
                "The module is a command: it exports _start, which runs main once and ends, so its other exports can never be called. It was built without -buildmode=c-shared.");
        }

        if (initialize is not null && !module.FunctionType(initialize.Index).Equals(FunctionType.Empty))
            return GoBuild.Refusal($"The module's _initialize has the type {module.FunctionType(initialize.Index)}, and a reactor's takes and gives nothing.");

        return ReservedExports.Refusal(module);
    }
}
