using System.Collections.Frozen;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins.Invocation;

/// <summary>A version that can be called: its module, its pool and its exports. A new configuration makes a new one, which loads the module anew.</summary>
internal sealed class LoadedVersion
{
    public LoadedVersion(PluginEntry plugin, int ordinal, PluginSettings settings, LoadedModule module, InstancePool pool)
    {
        Plugin = plugin;
        Ordinal = ordinal;
        Settings = settings;
        Module = module;
        Pool = pool;
        Targets = module.Exports
            .Select((export, index) => new InvocationTarget(this, export.Name, index, module.Module.FunctionType(export.Index)))
            .ToFrozenDictionary(target => target.Export, StringComparer.Ordinal);
    }

    public PluginEntry Plugin { get; }

    public int Ordinal { get; }

    public PluginSettings Settings { get; }

    public LoadedModule Module { get; }

    public InstancePool Pool { get; }

    public FrozenDictionary<string, InvocationTarget> Targets { get; }

    public PluginLog Log => Plugin.Log;

    public VersionTiers Tiers() => VersionTiers.Of(Ordinal, Module.Engine, Module.Executable.Statistics());
}
