namespace PluginHost.Cli.Server;

/// <summary>A function that can be called, with its types: those of the text format, or Go's own where the plugin has a manifest.</summary>
internal sealed record ServerExport(string Name, IReadOnlyList<TypedName> Parameters, IReadOnlyList<TypedName> Results)
{
    public string? Doc { get; init; }

    /// <summary>The way in which a person would write it: <c>add(a i32, b i32) i32</c>.</summary>
    public string Signature() =>
        $"{Name}({string.Join(", ", Parameters.Select(parameter => parameter.ToString()))}) {string.Join(", ", Results.Select(result => result.Type))}".TrimEnd();
}
