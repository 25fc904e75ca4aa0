using System.Text;
using System.Text.Json;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Arguments;

/// <summary>Writes what was typed as the JSON that the server takes for it. Whether it is in range is the server's to say.</summary>
internal static class ArgumentJson
{
    /// <param name="type">The type of the text format, or Go's own of a manifest; others are taken for numbers.</param>
    public static void Write(Utf8JsonWriter writer, string type, string text)
    {
        switch (type)
        {
            case "string":
                writer.WriteStringValue(text);
                break;
            case "bytes":
                writer.WriteBase64StringValue(BytesOf(text));
                break;
            case "json":
                WriteJson(writer, Encoding.UTF8.GetString(BytesOf(text)));
                break;
            case "bool" when text is "true" or "false":
                writer.WriteBooleanValue(text == "true");
                break;
            default:
                WriteNumber(writer, text);
                break;
        }
    }

    /// <summary>The text itself, or the whole of a file that is named as <c>@FILE</c>; <c>@-</c> is standard input.</summary>
    public static byte[] BytesOf(string text)
    {
        if (!text.StartsWith('@'))
            return Encoding.UTF8.GetBytes(text);

        if (text != "@-")
            return File.ReadAllBytes(text[1..]);

        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>
    /// A number keeps its digits, whatever their count. What is none in JSON, <c>0x10</c> and <c>NaN</c> for example, goes as a string; an object gives bits.
    /// </summary>
    private static void WriteNumber(Utf8JsonWriter writer, string text)
    {
        if (IsJson(text, JsonTokenType.Number) || IsJson(text, JsonTokenType.StartObject))
            writer.WriteRawValue(text);
        else
            writer.WriteStringValue(text);
    }

    private static void WriteJson(Utf8JsonWriter writer, string text)
    {
        try
        {
            writer.WriteRawValue(text);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The second is what the writer says of no JSON at all.
            throw ToolException.Usage($"This is not JSON: {exception.Message}");
        }
    }

    private static bool IsJson(string text, JsonTokenType kind)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == kind && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
