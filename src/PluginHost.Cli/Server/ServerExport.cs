namespace PluginHost.Cli.Server;

/// <summary>A function that can be called: its types in the names of the text format, and what they mean where the plugin has a manifest.</summary>
internal sealed record ServerExport(string Name, IReadOnlyList<string> Parameters, IReadOnlyList<string> Results, string? Kind = null, string? Doc = null, Declaration? Declared = null)
{
    /// <summary>What callers give.</summary>
    public IReadOnlyList<TypedName> Takes() => Declared?.Parameters ?? TypedName.Of(Parameters);

    /// <summary>What callers get.</summary>
    public IReadOnlyList<TypedName> Gives() => Declared is null ? TypedName.Of(Results) : Declared.Result is { } result ? [result] : [];

    /// <summary>The way in which a person would write it: <c>add(a i32, b i32) i32</c>.</summary>
    public string Signature() => $"{Name}({string.Join(", ", Takes())}) {string.Join(", ", Gives().Select(result => result.Type))}".TrimEnd();
}
