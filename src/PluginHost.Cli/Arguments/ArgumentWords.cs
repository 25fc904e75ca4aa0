using System.Buffers;
using System.Text;
using System.Text.Json;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Arguments;

/// <summary>Makes of the words behind an export's name a text for each of its parameters.</summary>
internal static class ArgumentWords
{
    /// <summary>
    /// By name or position. A function of one JSON object takes that object's members by name too: <c>--item pen --count 2</c> is <c>{"item":"pen","count":2}</c>.
    /// </summary>
    public static IReadOnlyList<string> TextsOf(ServerExport export, IReadOnlyList<string> words)
    {
        var parameters = export.Takes();

        if (parameters is [{ Type: "json" } only] && words.Any(ArgumentBinder.IsName) && SchemaProperties.Of(only.Schema) is { Count: > 0 } members)
            return [ObjectOf(members, ArgumentBinder.Bind($"{export.Name}({string.Join(", ", members)})", members, words, isComplete: false))];

        return ArgumentBinder.Bind(export.Signature(), parameters, words, isComplete: true)!;
    }

    /// <summary>The JSON object of the members that have a value.</summary>
    private static string ObjectOf(IReadOnlyList<TypedName> members, IReadOnlyList<string?> values)
    {
        var buffer = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();

            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is not { } value)
                    continue;

                writer.WritePropertyName(members[i].Name!);
                ArgumentJson.Write(writer, members[i].Type, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
