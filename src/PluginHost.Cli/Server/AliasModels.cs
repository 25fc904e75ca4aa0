namespace PluginHost.Cli.Server;

/// <summary>A plugin's aliases.</summary>
internal sealed record ServerAliases(IReadOnlyList<ServerAlias> Aliases);

/// <summary>A name for versions by weight.</summary>
internal sealed record ServerAlias(string Name, IReadOnlyList<ServerAliasTarget> Targets, long Revision, DateTimeOffset UpdatedAt);

/// <summary>A version and its share.</summary>
internal sealed record ServerAliasTarget(int Version, int Weight);

/// <summary>Where an alias is to point.</summary>
internal sealed record NewAliasTargets(IReadOnlyList<ServerAliasTarget> Targets);
