namespace PluginHost.Wasm.Modules;

/// <summary>Where a module comes from, as far as it tells.</summary>
/// <param name="Language">The language and its version by the producers section, such as <c>Go go1.24.4</c>; null where it is not named.</param>
/// <param name="IsGo">Whether Go's own linker made it.</param>
/// <param name="IsTinyGo">Whether TinyGo made it.</param>
public sealed record ModuleOrigin(ModuleKind Kind, string? Language, bool IsGo, bool IsTinyGo)
{
    public static ModuleOrigin Of(WasmModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var language = module.Producers.All.FirstOrDefault(producer => producer.Field == "language");
        var isTinyGo = module.Producers.All.Any(producer => producer.Name.Contains("TinyGo", StringComparison.OrdinalIgnoreCase));
        var isGo = !isTinyGo && (module.GoBuildInfo is not null || module.CustomSections.Any(section => section.Name == "go:buildid"));

        return new ModuleOrigin(KindOf(module), language is null ? null : $"{language.Name} {language.Version}".TrimEnd(), isGo, isTinyGo);
    }

    private static ModuleKind KindOf(WasmModule module)
    {
        if (module.Imports.Any(import => import.Module is "gojs" or "go"))
            return ModuleKind.GoJavaScript;

        if (Exports(module, "_initialize"))
            return ModuleKind.Reactor;

        return Exports(module, "_start") ? ModuleKind.Command : ModuleKind.Library;
    }

    private static bool Exports(WasmModule module, string name) =>
        module.Exports.Any(export => export.Kind == ExternalKind.Function && export.Name == name);
}
