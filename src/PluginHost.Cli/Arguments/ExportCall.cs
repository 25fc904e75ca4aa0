using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Arguments;

/// <summary>One call of an export, with arguments as a person types them.</summary>
internal sealed class ExportCall(ServerClient server, string plugin, string export)
{
    private const string ArgumentsPointer = "/args/";

    private byte[] _body = "{}"u8.ToArray();
    private IReadOnlyList<TypedName> _parameters = [];
    private IReadOnlyList<string> _values = [];

    /// <summary>Ordinal, digest or alias; null for the live version.</summary>
    public string? Version { get; init; }

    /// <summary>In milliseconds.</summary>
    public int? Deadline { get; init; }

    /// <summary>Takes the arguments as JSON: an array, or an object by name.</summary>
    public void UseJson(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            _body = Body(writer => writer.WriteRawValue(json));
        }
        catch (JsonException exception)
        {
            throw ToolException.Usage($"--args is not JSON: {exception.Message}");
        }
    }

    /// <summary>Takes the arguments word by word, by the signature that the server knows.</summary>
    public async Task UseWordsAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var exports = await server.ExportsAsync(plugin, Version, cancellation);

        // What is not there the server refuses when it is called, with all that is there.
        var found = exports.Items.FirstOrDefault(item => string.Equals(item.Name, export, StringComparison.Ordinal));

        if (found is null)
            return;

        _values = ArgumentBinder.Bind(found, words);
        _parameters = found.Parameters;
        _body = Body(writer =>
        {
            writer.WriteStartArray();

            for (var i = 0; i < _values.Count; i++)
                ArgumentJson.Write(writer, _parameters[i].Type, _values[i]);

            writer.WriteEndArray();
        });
    }

    /// <returns>The server's answer.</returns>
    public async Task<JsonElement> SendAsync(CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(_body);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        try
        {
            using var response = await server.CallAsync(plugin, export, "invoke", Version, Deadline, body, cancellation);
            return await server.ReadAsync(response, CliJsonContext.Default.JsonElement, cancellation);
        }
        catch (ToolException refusal) when (ArgumentOf(refusal.Problem.Pointer) is { } argument)
        {
            throw new ToolException(refusal.ExitCode, refusal.Problem with { Argument = argument });
        }
    }

    private static byte[] Body(Action<Utf8JsonWriter> writeArguments)
    {
        var buffer = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(buffer, CliJsonContext.Readable))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("args"u8);
            writeArguments(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Which of the typed arguments the server means.</summary>
    private string? ArgumentOf(string? pointer)
    {
        if (pointer?.StartsWith(ArgumentsPointer, StringComparison.Ordinal) != true
            || !int.TryParse(pointer.Split('/')[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= _values.Count)
        {
            return null;
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"argument {index + 1}, ");

        if (_parameters[index].Name is { } name)
            text.Append(name).Append(' ');

        return text.Append(_parameters[index].Type).Append(": ").Append(_values[index]).ToString();
    }
}
