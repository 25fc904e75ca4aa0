using PluginHost.Wasm.Modules;

namespace PluginHost.Plugins.Loading;

/// <summary>The exports by which host and SDK talk to each other. Nobody else calls them.</summary>
internal static class ReservedExports
{
    public const string Prefix = "pluginhost_";

    /// <summary>Offers memory for the arguments of the next call.</summary>
    public const string Buffer = "pluginhost_buffer";

    /// <summary>Lists what is registered.</summary>
    public const string Handlers = "pluginhost_handlers";

    /// <summary>Calls what is registered.</summary>
    public const string Handle = "pluginhost_handle";

    public static FunctionType HandleType { get; } = new([ValueType.I32, ValueType.I32, ValueType.I32], [ValueType.I64]);

    private static readonly (string Name, FunctionType Type)[] Types =
    [
        (Buffer, new FunctionType([ValueType.I32], [ValueType.I32])),
        (Handlers, new FunctionType([], [ValueType.I64])),
        (Handle, HandleType),
    ];

    public static bool IsReserved(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether the module exports a function of the name. Its type was checked when it was uploaded.</summary>
    public static bool Has(WasmModule module, string name)
    {
        foreach (var export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function && string.Equals(export.Name, name, StringComparison.Ordinal))
                return IsRight(module, export);
        }

        return false;
    }

    public static PluginFailure? Refusal(WasmModule module)
    {
        foreach (var export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function && IsReserved(export.Name) && !IsRight(module, export))
                return GoBuild.Refusal($"The module exports '{export.Name}' with the type {module.FunctionType(export.Index)}, and names beginning with '{Prefix}' are the host's: this one has another type.");
        }

        return Has(module, Handlers) != Has(module, Handle)
            ? GoBuild.Refusal($"The module exports one of '{Handlers}' and '{Handle}': handlers need both.")
            : null;
    }

    private static bool IsRight(WasmModule module, Export export)
    {
        foreach (var (name, type) in Types)
        {
            if (string.Equals(name, export.Name, StringComparison.Ordinal))
                return module.FunctionType(export.Index).Equals(type);
        }

        // A name of a later host's: it is never called.
        return true;
    }
}
