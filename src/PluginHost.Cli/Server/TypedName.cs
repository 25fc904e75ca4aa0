using System.Text.Json;
using System.Text.Json.Serialization;

namespace PluginHost.Cli.Server;

/// <summary>A parameter or a result. Without a manifest the server tells a type only, and there is no name.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record TypedName(string? Name, string Type)
{
    public override string ToString() => Name is null ? Type : $"{Name} {Type}";

    /// <summary>Reads <c>"i32"</c> as well as <c>{"name":"a","type":"i32"}</c>, whatever else stands in that.</summary>
    internal sealed class Converter : JsonConverter<TypedName>
    {
        public override TypedName? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var value = JsonElement.ParseValue(ref reader);

            if (value.ValueKind == JsonValueKind.String)
                return new TypedName(null, value.GetString()!);

            if (value.ValueKind != JsonValueKind.Object || Text(value, "type") is not { } type)
                throw new JsonException("A type is a string, or an object with the member \"type\".");

            return new TypedName(Text(value, "name"), type);
        }

        public override void Write(Utf8JsonWriter writer, TypedName value, JsonSerializerOptions options)
        {
            if (value.Name is null)
            {
                writer.WriteStringValue(value.Type);
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("name"u8, value.Name);
            writer.WriteString("type"u8, value.Type);
            writer.WriteEndObject();
        }

        private static string? Text(JsonElement value, string member) =>
            value.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
    }
}
