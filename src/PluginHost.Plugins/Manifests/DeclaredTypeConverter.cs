using System.Text.Json;
using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Manifests;

/// <summary>Reads and writes a declared type by its exact name.</summary>
public sealed class DeclaredTypeConverter : JsonConverter<DeclaredType>
{
    public override DeclaredType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && DeclaredTypes.TryParse(reader.GetString(), out var type)
            ? type
            : throw new JsonException("A type is one of bool, i32, u32, i64, u64, f32, f64, pointer, string, bytes and json.");

    public override void Write(Utf8JsonWriter writer, DeclaredType value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text());
}
