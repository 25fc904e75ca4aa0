using PluginHost.Plugins.Pooling;

namespace PluginHost.Plugins.Loading;

/// <summary>What the inspection of an upload made; whoever takes the instance sets it to null.</summary>
internal sealed class ModuleCandidate
{
    public PluginFailure? Problem { get; init; }

    public ModuleMetadata? Metadata { get; init; }

    /// <summary>What <see cref="Settings"/> were made of.</summary>
    public PluginConfiguration? Configuration { get; init; }

    public PluginSettings? Settings { get; init; }

    public LoadedModule? Module { get; init; }

    public GuestInstance? Instance { get; set; }
}
