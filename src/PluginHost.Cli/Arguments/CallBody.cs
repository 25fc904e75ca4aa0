using System.Buffers;
using System.Text.Json;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Arguments;

/// <summary>The body of an invocation: <c>{"args":…}</c>.</summary>
internal static class CallBody
{
    /// <summary>Arguments that are JSON already, as they stand.</summary>
    public static byte[] OfJson(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return Write(writer => writer.WriteRawValue(json));
        }
        catch (JsonException exception)
        {
            throw ToolException.Usage($"--args is not JSON: {exception.Message}");
        }
    }

    /// <summary>An argument for each parameter.</summary>
    public static byte[] OfArguments(IReadOnlyList<TypedName> parameters, IReadOnlyList<string> values) => Write(writer =>
    {
        writer.WriteStartArray();

        for (var i = 0; i < values.Count; i++)
            ArgumentJson.Write(writer, parameters[i].Type, values[i]);

        writer.WriteEndArray();
    });

    private static byte[] Write(Action<Utf8JsonWriter> writeArguments)
    {
        var buffer = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("args"u8);
            writeArguments(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
