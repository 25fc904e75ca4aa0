using System.Text.Json;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Arguments;

/// <summary>The members of a JSON object as parameters of their own, so that <c>--item pen --count 2</c> makes <c>{"item":"pen","count":2}</c>.</summary>
internal static class SchemaProperties
{
    /// <summary>The members that the schema of an object names; none for any other schema.</summary>
    public static IReadOnlyList<TypedName> Of(JsonElement? schema)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
            return [];

        return [.. properties.EnumerateObject().Select(property => new TypedName(property.Name, TypeOf(property.Value)))];
    }

    /// <summary>Text is text, whatever it looks like; anything else is typed as JSON.</summary>
    private static string TypeOf(JsonElement property) =>
        property.ValueKind != JsonValueKind.Object || !property.TryGetProperty("type", out var type) ? "json"
        : Is(type, "string") ? "string"
        : Is(type, "boolean") ? "bool"
        : "json";

    /// <summary>Whether the type is this one, or this one or null.</summary>
    private static bool Is(JsonElement type, string name) => type.ValueKind switch
    {
        JsonValueKind.String => type.ValueEquals(name),
        JsonValueKind.Array => type.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(name))
            && type.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && (item.ValueEquals(name) || item.ValueEquals("null"))),
        _ => false,
    };
}
