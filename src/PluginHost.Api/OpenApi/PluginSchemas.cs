using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.OpenApi;

/// <summary>The schemas of a plugin's document. What a manifest brings becomes a component of its own, with the references in it moved along.</summary>
internal sealed class PluginSchemas
{
    private const string Place = "#/components/schemas/";
    private const int MaximumExampleDepth = 12;

    /// <summary>The components by name.</summary>
    public JsonObject Made { get; } = [];

    /// <summary>Takes a component over from another document, with all it refers to.</summary>
    public void Copy(JsonNode document, string name)
    {
        if (Made.ContainsKey(name) || document["components"]?["schemas"]?[name] is not { } schema)
            return;

        Made[name] = schema.DeepClone();

        foreach (var reference in References(schema))
        {
            if (reference.StartsWith(Place, StringComparison.Ordinal))
                Copy(document, reference[Place.Length..]);
        }
    }

    /// <summary>Makes a component.</summary>
    /// <returns>A reference to it.</returns>
    public JsonObject Add(string name, JsonNode schema)
    {
        var key = Unique(name);
        Made[key] = schema;
        return Reference(key);
    }

    /// <param name="name">What a component would be called.</param>
    /// <param name="inJson">Whether the value is part of a JSON body, or the body itself.</param>
    public JsonNode Of(string name, DeclaredType type, JsonElement? schema, bool inJson) => type switch
    {
        DeclaredType.Bool => Typed("boolean"),
        DeclaredType.I32 => Integer("int32", int.MinValue, int.MaxValue),
        DeclaredType.U32 => Integer("int64", 0, uint.MaxValue),
        DeclaredType.Pointer => Described(Integer("int64", 0, uint.MaxValue), "An address in the plugin's memory."),
        DeclaredType.I64 => Described(new JsonObject { ["type"] = "string", ["pattern"] = "^-?[0-9]+$" }, "A 64-bit integer, in decimal: JSON readers round numbers beyond 2^53."),
        DeclaredType.U64 => Described(new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" }, "An unsigned 64-bit integer, in decimal: JSON readers round numbers beyond 2^53."),
        DeclaredType.F32 => Described(Typed("number", "float"), "\"NaN\", \"Infinity\" and \"-Infinity\" are strings."),
        DeclaredType.F64 => Described(Typed("number", "double"), "\"NaN\", \"Infinity\" and \"-Infinity\" are strings."),
        DeclaredType.String => Typed("string"),
        DeclaredType.Bytes when inJson => new JsonObject { ["type"] = "string", ["format"] = "byte", ["contentEncoding"] = "base64" },
        DeclaredType.Bytes => Typed("string", "binary"),
        _ => schema is { } declared ? Import(name, declared) : new JsonObject(),
    };

    /// <summary>A value that the schema allows, as simple as can be.</summary>
    public JsonNode? Example(DeclaredType type, JsonNode schema, bool inJson) => type switch
    {
        DeclaredType.Bool => true,
        DeclaredType.I64 or DeclaredType.U64 => "1",
        DeclaredType.String => "text",
        DeclaredType.Bytes => inJson ? "dGV4dA==" : "text",
        DeclaredType.Json => Example(schema, 0) ?? new JsonObject(),
        _ => 1,
    };

    private static JsonObject Typed(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };

        if (format is not null)
            schema["format"] = format;

        return schema;
    }

    private static JsonObject Integer(string format, long minimum, long maximum) =>
        new() { ["type"] = "integer", ["format"] = format, ["minimum"] = minimum, ["maximum"] = maximum };

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }

    private static JsonObject Reference(string key) => new() { ["$ref"] = Place + key };

    private JsonObject Import(string name, JsonElement declared)
    {
        if (declared.ValueKind != JsonValueKind.Object)
            return declared.ValueKind == JsonValueKind.True ? [] : new JsonObject { ["not"] = new JsonObject() };

        var schema = JsonObject.Create(declared)!.DeepClone().AsObject();
        var key = Unique(name);
        Made[key] = schema;
        var definitions = schema["$defs"] as JsonObject;
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);

        schema.Remove("$defs");

        foreach (var definition in definitions?.ToList() ?? [])
        {
            var moved = Unique($"{key}.{definition.Key}");
            keys[definition.Key] = moved;
            definitions!.Remove(definition.Key);
            Made[moved] = definition.Value;
        }

        foreach (var moved in keys.Values.Append(key))
            Move(Made[moved], key, keys);

        return Reference(key);
    }

    /// <summary>References are from the top of a document, which was the schema's and is the plugin's now.</summary>
    private static void Move(JsonNode? node, string key, Dictionary<string, string> definitions)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var member in members.ToList())
                {
                    if (member.Key is "$ref" or "$dynamicRef" && member.Value is JsonValue value && value.TryGetValue<string>(out var reference))
                        members[member.Key] = Moved(reference, key, definitions);
                    else
                        Move(member.Value, key, definitions);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                    Move(item, key, definitions);

                break;
        }
    }

    private static string Moved(string reference, string key, Dictionary<string, string> definitions)
    {
        const string Definitions = "#/$defs/";

        if (!reference.StartsWith(Definitions, StringComparison.Ordinal))
            return Place + key + reference[1..];

        var rest = reference[Definitions.Length..];
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        var name = end < 0 ? rest : rest[..end];
        return definitions.TryGetValue(name, out var moved) ? Place + moved + rest[name.Length..] : Place + key;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "$ref" && member.Value is JsonValue value ? [value.GetValue<string>()] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private JsonNode? Example(JsonNode? node, int depth)
    {
        if (node is not JsonObject schema || depth > MaximumExampleDepth)
            return null;

        if (schema["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target))
            return target.StartsWith(Place, StringComparison.Ordinal) ? Example(Made[target[Place.Length..]], depth + 1) : null;

        if ((schema["examples"] as JsonArray)?.FirstOrDefault() is { } example)
            return example.DeepClone();

        if ((schema["default"] ?? schema["const"] ?? (schema["enum"] as JsonArray)?.FirstOrDefault()) is { } value)
            return value.DeepClone();

        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray { Count: > 0 } choices)
            return Example(choices[0], depth + 1);

        return Type(schema) switch
        {
            "object" => new JsonObject(Required(schema).Select(name => KeyValuePair.Create(name, Example(schema["properties"]?[name], depth + 1)))),
            "array" => (schema["minItems"] as JsonValue)?.TryGetValue<int>(out var minimum) == true && minimum > 0 ? new JsonArray(Example(schema["items"], depth + 1)) : new JsonArray(),
            "string" => Text(schema),
            "integer" or "number" => (schema["minimum"] as JsonValue)?.DeepClone() ?? 1,
            "boolean" => true,
            _ => null,
        };
    }

    private static string Text(JsonObject schema) => (schema["format"] as JsonValue)?.ToString() switch
    {
        "date-time" => "2026-01-02T15:04:05Z",
        "byte" => "dGV4dA==",
        _ => schema["contentEncoding"] is null ? "text" : "dGV4dA==",
    };

    private static string? Type(JsonObject schema) => schema["type"] switch
    {
        JsonValue value when value.TryGetValue<string>(out var type) => type,
        JsonArray types => types.Select(type => type?.ToString()).FirstOrDefault(type => type != "null"),
        _ => schema.ContainsKey("properties") ? "object" : null,
    };

    private static IEnumerable<string> Required(JsonObject schema) =>
        (schema["required"] as JsonArray)?.OfType<JsonValue>().Select(name => name.ToString()).Distinct(StringComparer.Ordinal) ?? [];

    private string Unique(string name)
    {
        var key = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' ? character : '_'));
        var unique = key;

        for (var number = 2; Made.ContainsKey(unique); number++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{key}{number}");

        return unique;
    }
}
