using System.Collections.Concurrent;
using System.Collections.Immutable;
using PluginHost.Plugins.HostFunctions.Http;
using PluginHost.Plugins.HostFunctions.KeyValue;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>A plugin's live state. What the catalog knows is replaced as a whole, so that readers need no lock.</summary>
internal sealed class PluginEntry(Plugin plugin, ImmutableArray<PluginVersion> versions, PluginHostLimits limits)
{
    private volatile CatalogState _state = new(plugin, versions);
    private volatile LoadedVersion? _live;

    public string Name { get; } = plugin.Name;

    public Plugin Plugin => _state.Plugin;

    /// <summary>The oldest first.</summary>
    public ImmutableArray<PluginVersion> Versions => _state.Versions;

    /// <summary>Where the plugin's keys and values are.</summary>
    public StoreName StoreName { get; } = new(plugin.Name, plugin.CreatedAt.ToUnixTimeMilliseconds());

    /// <summary>How the hosts fare that the plugin sends requests to.</summary>
    public HttpCircuits Circuits { get; } = new();

    public PluginLog Log { get; } = new(limits.LogLines, limits.LogFollowers, (long)limits.LogLines * limits.OutputLineBytes);

    public InvocationCounters Counters { get; } = new();

    /// <summary>The versions that are loaded, by ordinal. A load that fails takes itself out again.</summary>
    public ConcurrentDictionary<int, Lazy<Task<Outcome<LoadedVersion>>>> Loaded { get; } = new();

    /// <summary>Those whose load has succeeded.</summary>
    public IEnumerable<LoadedVersion> LoadedVersions
    {
        get
        {
            foreach (var (_, loading) in Loaded)
            {
                if (loading.IsValueCreated && loading.Value is { IsCompletedSuccessfully: true, Result: { Succeeded: true } outcome })
                    yield return outcome.Value;
            }
        }
    }

    /// <summary>The version that <c>live</c> points at, when it is loaded: the way of nearly every invocation.</summary>
    public LoadedVersion? Live
    {
        get => _live;
        set => _live = value;
    }

    public void Replace(Plugin plugin, ImmutableArray<PluginVersion> versions) =>
        _state = new CatalogState(plugin with { VersionCount = versions.Length }, versions);

    /// <summary>One version, by ordinal, digest or alias; null for <c>live</c>.</summary>
    public Outcome<PluginVersion> Find(string? selector)
    {
        var state = _state;

        if (selector is null && state.Plugin.Live is null)
            return new PluginFailure(FailureCode.VersionNotFound, $"The plugin '{Name}' has no version yet.");

        var ordinal = 0;

        if ((selector is null && state.Plugin.Live is { } live && (ordinal = live) > 0) ||
            (selector is not null && (TryOrdinal(selector, out ordinal) || state.Plugin.Aliases.TryGetValue(selector, out ordinal))))
        {
            foreach (var version in state.Versions)
            {
                if (version.Ordinal == ordinal)
                    return version;
            }
        }
        else
        {
            // With another manifest the same bytes are another version: the newest counts.
            foreach (var version in state.Versions.Reverse())
            {
                if (string.Equals(version.Digest, selector, StringComparison.Ordinal))
                    return version;
            }
        }

        return new PluginFailure(FailureCode.VersionNotFound, $"The plugin '{Name}' has no such version.")
        {
            Available = [.. state.Versions.Reverse().Take(20).Select(version => version.Ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture))],
        };
    }

    public bool Has(int ordinal)
    {
        foreach (var version in Versions)
        {
            if (version.Ordinal == ordinal)
                return true;
        }

        return false;
    }

    private static bool TryOrdinal(string text, out int ordinal) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ordinal);

    private sealed record CatalogState(Plugin Plugin, ImmutableArray<PluginVersion> Versions);
}
