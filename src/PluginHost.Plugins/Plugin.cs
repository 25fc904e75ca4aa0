using System.Collections.Immutable;

namespace PluginHost.Plugins;

/// <summary>A plugin: a name with configuration and versions.</summary>
/// <param name="Revision">Grows with every change of the configuration.</param>
/// <param name="Aliases">The version that each alias points at; <c>live</c> is there as soon as there is a version.</param>
/// <param name="VersionCount">How many versions there are.</param>
public sealed record Plugin(
    string Name,
    PluginConfiguration Configuration,
    long Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, int> Aliases,
    int VersionCount)
{
    /// <summary>The alias that an invocation uses when it names no version.</summary>
    public const string LiveAlias = "live";

    /// <summary>The version that <c>live</c> points at, or null while there is none.</summary>
    public int? Live => Aliases.TryGetValue(LiveAlias, out var ordinal) ? ordinal : null;

    /// <summary>A plugin that has no versions yet.</summary>
    internal static Plugin New(string name, PluginConfiguration configuration, DateTimeOffset now) =>
        new(name, configuration, 1, now, now, ImmutableDictionary<string, int>.Empty, 0);

    internal Plugin WithoutSecrets() => this with { Configuration = Configuration.WithoutSecrets() };
}
