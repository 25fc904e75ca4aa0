using System.Text.Json;

namespace PluginHost.Cli.Server;

/// <summary>A parameter or a result.</summary>
/// <param name="Name">Null where no manifest names it.</param>
/// <param name="Type">One of the text format's, or of a manifest's.</param>
/// <param name="Schema">Of JSON: its JSON Schema, where the manifest has one.</param>
internal sealed record TypedName(string? Name, string Type, JsonElement? Schema = null)
{
    /// <summary>Parameters that have numbers only.</summary>
    public static IReadOnlyList<TypedName> Of(IEnumerable<string> types) => [.. types.Select(type => new TypedName(null, type))];

    public override string ToString() => Name is null ? Type : $"{Name} {Type}";
}
