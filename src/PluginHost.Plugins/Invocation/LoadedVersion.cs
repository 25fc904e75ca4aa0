using System.Collections.Frozen;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins.Invocation;

/// <summary>A version that can be called: its module, its pool and its exports. A new configuration makes a new one, which loads the module anew.</summary>
internal sealed class LoadedVersion
{
    public LoadedVersion(PluginEntry plugin, int ordinal, PluginSettings settings, LoadedModule module, ModuleMetadata metadata, InstancePool pool)
    {
        Plugin = plugin;
        Ordinal = ordinal;
        Settings = settings;
        Module = module;
        Pool = pool;
        Targets = Exports(metadata).Concat(Handlers(metadata)).ToFrozenDictionary(target => target.Export, StringComparer.Ordinal);
    }

    public PluginEntry Plugin { get; }

    public int Ordinal { get; }

    public PluginSettings Settings { get; }

    public LoadedModule Module { get; }

    public InstancePool Pool { get; }

    public FrozenDictionary<string, InvocationTarget> Targets { get; }

    public PluginLog Log => Plugin.Log;

    public VersionTiers Tiers() => VersionTiers.Of(Ordinal, Module.Engine, Module.Executable.Statistics());

    private IEnumerable<InvocationTarget> Exports(ModuleMetadata metadata)
    {
        var declarations = metadata.Exports
            .Where(export => export is { Kind: ExportKind.Export, Declared: not null })
            .ToDictionary(export => export.Name, export => export.Declared!, StringComparer.Ordinal);

        return Module.Exports.Select((export, index) =>
        {
            var type = Module.Module.FunctionType(export.Index);
            var signature = declarations.TryGetValue(export.Name, out var declared) ? CallSignature.Of(declared, 0) : CallSignature.Of(type);
            return new InvocationTarget(this, export.Name, index, type, signature);
        });
    }

    /// <summary>In their order, which is that of their registration.</summary>
    private IEnumerable<InvocationTarget> Handlers(ModuleMetadata metadata) => metadata.Exports
        .Where(export => export.Kind == ExportKind.Handler)
        .Select((handler, index) => new InvocationTarget(this, handler.Name, Module.HandleIndex, ReservedExports.HandleType, CallSignature.Of(handler.Declared!, 1), index));
}
