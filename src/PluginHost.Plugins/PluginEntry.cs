using System.Collections.Concurrent;
using System.Collections.Immutable;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.HostFunctions.Http;
using PluginHost.Plugins.HostFunctions.KeyValue;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Resilience;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>A plugin's live state. What the catalog knows is replaced as a whole, so that readers need no lock.</summary>
internal sealed class PluginEntry(Plugin plugin, ImmutableArray<PluginVersion> versions, PluginHostLimits limits, TimeProvider clock)
{
    private volatile CatalogState _state = new(plugin, versions, new PluginGuards(plugin.Configuration, limits, clock));
    private volatile LoadedVersion? _live;

    public string Name { get; } = plugin.Name;

    public Plugin Plugin => _state.Plugin;

    /// <summary>The oldest first.</summary>
    public ImmutableArray<PluginVersion> Versions => _state.Versions;

    /// <summary>What stands before the plugin's invocations.</summary>
    public PluginGuards Guards => _state.Guards;

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
                if (Result(loading) is { } version)
                    yield return version;
            }
        }
    }

    /// <summary>The version that <c>live</c> points at, when it is the only one and loaded: the way of nearly every invocation.</summary>
    public LoadedVersion? Live
    {
        // Compared, as an alias may have been moved while what was live before was being loaded.
        get => _live is { } live && live.Ordinal == _state.OnlyLive ? live : null;
        set => _live = value;
    }

    public void Replace(Plugin plugin, ImmutableArray<PluginVersion> versions) =>
        _state = new CatalogState(
            plugin with { VersionCount = versions.Length },
            versions,
            ReferenceEquals(plugin.Configuration, _state.Plugin.Configuration) ? _state.Guards : new PluginGuards(plugin.Configuration, limits, clock));

    /// <summary>One version, by ordinal, digest or alias; null for <c>live</c>. Of an alias's versions it is the one with the greatest weight.</summary>
    public Outcome<PluginVersion> Find(string? selector) => Find(selector, static alias => alias.Main);

    /// <summary>The version that an invocation takes: of an alias's each by its weight.</summary>
    /// <param name="affinity">As in <see cref="Alias.Choose"/>.</param>
    public Outcome<PluginVersion> Choose(string? selector, string? affinity) => Find(selector, alias => alias.Choose(affinity));

    public Outcome<PluginVersion> Find(int ordinal)
    {
        var state = _state;

        foreach (var version in state.Versions)
        {
            if (version.Ordinal == ordinal)
                return version;
        }

        return NotFound(state);
    }

    /// <summary>A version that is loaded already.</summary>
    public LoadedVersion? FindLoaded(int ordinal) => Loaded.TryGetValue(ordinal, out var loading) ? Result(loading) : null;

    public bool Has(int ordinal)
    {
        foreach (var version in Versions)
        {
            if (version.Ordinal == ordinal)
                return true;
        }

        return false;
    }

    private Outcome<PluginVersion> Find(string? selector, Func<Alias, int> select)
    {
        var state = _state;

        if (state.Plugin.Aliases.TryGetValue(selector ?? Plugin.LiveAlias, out var alias))
            return Find(select(alias));

        if (selector is null)
        {
            return new PluginFailure(
                FailureCode.VersionNotFound,
                state.Versions.IsEmpty ? $"The plugin '{Name}' has no version yet." : $"No version of the plugin '{Name}' is live yet: point its alias 'live' at one.");
        }

        if (TryOrdinal(selector, out var ordinal))
            return Find(ordinal);

        // With another manifest the same bytes are another version: the newest counts.
        foreach (var version in state.Versions.Reverse())
        {
            if (string.Equals(version.Digest, selector, StringComparison.Ordinal))
                return version;
        }

        return NotFound(state);
    }

    private PluginFailure NotFound(CatalogState state) => new(FailureCode.VersionNotFound, $"The plugin '{Name}' has no such version.")
    {
        Available = [.. state.Versions.Reverse().Take(20).Select(version => version.Ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture))],
    };

    /// <summary>What a load gave; null where it goes on, or has failed.</summary>
    private static LoadedVersion? Result(Lazy<Task<Outcome<LoadedVersion>>> loading) =>
        loading.IsValueCreated && loading.Value is { IsCompletedSuccessfully: true, Result: { Succeeded: true } outcome } ? outcome.Value : null;

    private static bool TryOrdinal(string text, out int ordinal) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ordinal);

    private sealed record CatalogState(Plugin Plugin, ImmutableArray<PluginVersion> Versions, PluginGuards Guards)
    {
        public int? OnlyLive { get; } = Plugin.OnlyLive;
    }
}
