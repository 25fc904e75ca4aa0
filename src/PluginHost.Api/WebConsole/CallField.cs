using System.Globalization;
using System.Text.Json;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.WebConsole;

/// <summary>What somebody types for one parameter of an export.</summary>
internal sealed class CallField(string name, string type, DeclaredType? declared)
{
    public string Name => name;

    public string Type => type;

    public bool IsBool => declared == DeclaredType.Bool;

    public bool IsLong => declared is DeclaredType.Json or DeclaredType.String;

    public string Value { get; set; } = declared switch
    {
        DeclaredType.Bool => "false",
        DeclaredType.Json => "{}",
        DeclaredType.String or DeclaredType.Bytes => "",
        _ => "0",
    };

    public static IReadOnlyList<CallField> Of(ExportDescription export) => export.Declared is { } declaration
        ? [.. declaration.Parameters.Select(parameter => new CallField(parameter.Name, parameter.Type == DeclaredType.Bytes ? "bytes, as base64" : Text.Word(parameter.Type), parameter.Type))]
        : [.. export.Parameters.Select((type, index) => new CallField(string.Create(CultureInfo.InvariantCulture, $"argument {index + 1}"), type, null))];

    /// <summary>The body of an invocation. What was typed goes as it is, so that the API says what is wrong with it.</summary>
    public static byte[] Body(IReadOnlyList<CallField> fields)
    {
        using var buffer = new MemoryStream();

        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("args"u8);

            foreach (var field in fields)
                field.Write(json);

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Numbers may be written as strings too: in decimal, as 0x…, as NaN. Where a number is none as JSON has it, the string says what was typed.</summary>
    private void Write(Utf8JsonWriter json)
    {
        if (IsBool)
            json.WriteBooleanValue(Value == "true");
        else if (declared == DeclaredType.Json || (declared is not (DeclaredType.String or DeclaredType.Bytes) && IsNumber(Value)))
            WriteRaw(json);
        else
            json.WriteStringValue(Value);
    }

    private void WriteRaw(Utf8JsonWriter json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(Value);
            json.WriteRawValue(Value.Trim(), skipInputValidation: true);
        }
        catch (JsonException)
        {
            json.WriteStringValue(Value);
        }
    }

    private static bool IsNumber(string text) => text.AsSpan().Trim() is [>= '0' and <= '9' or '-', ..];
}
