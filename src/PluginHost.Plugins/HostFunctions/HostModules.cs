using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>All host functions that there are, and who may import them.</summary>
internal sealed class HostModules
{
    private readonly Dictionary<(string Module, string Name), HostModuleFunction> _functions = [];

    public HostModules(IEnumerable<HostModule> modules)
    {
        foreach (var module in modules)
        {
            if (!Names.Add(module.Name))
                throw new PluginHostStartException($"Two modules of host functions have the name '{module.Name}'.");

            foreach (var function in module.Functions)
                _functions.Add((module.Name, function.Name), function);
        }
    }

    /// <summary>The modules' names.</summary>
    public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

    public void AddTo(Imports imports)
    {
        foreach (var function in _functions.Values)
            imports.Add(function.Module, function.Name, function.Type, function.Callback);
    }

    /// <summary>What a module imports that the configuration does not grant, with the configuration that would; null where nothing is missing.</summary>
    public PluginFailure? Missing(WasmModule module, string plugin, PluginConfiguration configuration)
    {
        var functions = new SortedSet<string>(StringComparer.Ordinal);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var grants = configuration.Grants;

        foreach (var import in module.Imports)
        {
            // One of another type is no less refused, by its type: that comes first.
            if (import.Kind != ExternalKind.Function || !_functions.TryGetValue((import.Module, import.Name), out var function) || function.Grant is not { } grant
                || grant.IsGiven(configuration.Grants) || !function.Type.Equals(module.Types[(int)import.TypeIndex]))
            {
                continue;
            }

            functions.Add(function.ToString());

            if (names.Add(grant.Name))
                grants = grant.Give(grants);
        }

        if (functions.Count == 0)
            return null;

        return new PluginFailure(
            FailureCode.MissingGrant,
            $"The module imports what the configuration of the plugin '{plugin}' does not grant: {string.Join(", ", functions)}.")
        {
            Hint = $"Grant it first: PUT /v1/plugins/{plugin} with the configuration that stands here, in which the grant of {string.Join(", ", names)} is new; then upload again.",
            Functions = [.. functions],
            Configuration = (configuration with { Grants = grants }).WithoutSecrets(),
        };
    }
}
