namespace PluginHost.Cli.Server;

/// <summary>What a manifest says of a function.</summary>
/// <param name="Result">Null where there is none.</param>
internal sealed record Declaration(IReadOnlyList<TypedName> Parameters, TypedName? Result);
