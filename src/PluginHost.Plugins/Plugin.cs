using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PluginHost.Plugins.Aliases;

namespace PluginHost.Plugins;

/// <summary>A plugin: a name with configuration and versions.</summary>
/// <param name="Revision">Grows with every change of the configuration.</param>
/// <param name="Aliases">By name; <c>live</c> is there as soon as a version was activated.</param>
/// <param name="VersionCount">How many versions there are.</param>
public sealed record Plugin(
    string Name,
    PluginConfiguration Configuration,
    long Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    ImmutableDictionary<string, Alias> Aliases,
    int VersionCount)
{
    /// <summary>The alias that an invocation uses when it names no version.</summary>
    public const string LiveAlias = "live";

    /// <summary>The version that <c>live</c> points at, of several the one with the greatest weight; null while there is none.</summary>
    public int? Live => Aliases.GetValueOrDefault(LiveAlias)?.Main;

    /// <summary>The version that all invocations take which name none; null while there are several, or none.</summary>
    [JsonIgnore]
    public int? OnlyLive => Aliases.GetValueOrDefault(LiveAlias)?.Only;

    /// <summary>Whether <c>live</c> points at the version, perhaps beside others.</summary>
    public bool IsLive(int ordinal) => Aliases.GetValueOrDefault(LiveAlias)?.PointsAt(ordinal) == true;

    /// <summary>A plugin that has no versions yet.</summary>
    internal static Plugin New(string name, PluginConfiguration configuration, DateTimeOffset now) =>
        new(name, configuration, 1, now, now, ImmutableDictionary<string, Alias>.Empty, 0);

    internal Plugin WithoutSecrets() => this with { Configuration = Configuration.WithoutSecrets() };
}
