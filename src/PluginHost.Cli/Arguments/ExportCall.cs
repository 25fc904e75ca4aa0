using System.Globalization;
using System.Net.Http.Headers;
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
    public void UseJson(string json) => _body = CallBody.OfJson(json);

    /// <summary>Takes the arguments word by word, by the signature that the server knows.</summary>
    public async Task UseWordsAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        // What is not there the server refuses when it is called, with all that is there.
        if (await FindAsync(cancellation) is not { } found)
            return;

        _parameters = found.Takes();
        _values = ArgumentWords.TextsOf(found, words);
        _body = CallBody.OfArguments(_parameters, _values);
    }

    /// <returns>The server's answer, with its results.</returns>
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

    /// <summary>Sends a whole body as the only argument; the answer's body is the result.</summary>
    /// <param name="contentType">Null for the one that the function takes.</param>
    public async Task<HttpResponseMessage> SendBodyAsync(ReadOnlyMemory<byte> bytes, string? contentType, CancellationToken cancellation)
    {
        if (contentType is null && await FindAsync(cancellation) is { } found)
        {
            contentType = found.Takes() switch
            {
                [{ Type: "json" }] => "application/json",
                [{ Type: "string" }] => "text/plain; charset=utf-8",
                _ => null,
            };
        }

        using var body = new ReadOnlyMemoryContent(bytes);

        if (!MediaTypeHeaderValue.TryParse(contentType ?? "application/octet-stream", out var type))
            throw ToolException.Usage($"'{contentType}' is no content type, such as text/html.");

        body.Headers.ContentType = type;
        return await server.CallAsync(plugin, export, "handle", Version, Deadline, body, cancellation);
    }

    private async Task<ServerExport?> FindAsync(CancellationToken cancellation) =>
        (await server.ExportsAsync(plugin, Version, cancellation)).Items.FirstOrDefault(item => string.Equals(item.Name, export, StringComparison.Ordinal));

    /// <summary>Which of the typed arguments the server means.</summary>
    private string? ArgumentOf(string? pointer)
    {
        if (pointer?.StartsWith(ArgumentsPointer, StringComparison.Ordinal) != true
            || !int.TryParse(pointer.Split('/')[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= _values.Count)
        {
            return null;
        }

        return string.Create(CultureInfo.InvariantCulture, $"argument {index + 1}, {_parameters[index]}: {_values[index]}");
    }
}
