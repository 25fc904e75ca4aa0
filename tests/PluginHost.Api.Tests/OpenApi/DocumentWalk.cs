using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PluginHost.Api.Tests.OpenApi;

/// <summary>Sends requests of the document's operations and holds every answer against the document.</summary>
internal sealed class DocumentWalk
{
    private readonly JsonElement _paths;
    private readonly HashSet<(string, string)> _said = [];

    private DocumentWalk(JsonElement paths) => _paths = paths;

    /// <summary>What was answered: an operation and a status.</summary>
    public HashSet<(string Operation, string Status)> Reached { get; } = [];

    public int Requests { get; private set; }

    /// <summary>What was not as it must be, each kind once.</summary>
    public List<string> Wrong { get; } = [];

    private string Last { get; set; } = "";

    public IEnumerable<(string Operation, JsonElement Description)> Operations => _paths.EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)));

    public static async Task<DocumentWalk> OfAsync(HttpClient client) =>
        new(JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement.GetProperty("paths"));

    public JsonElement Describe(string operation)
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        return _paths.GetProperty(path).GetProperty(method.ToLowerInvariant());
    }

    public static IEnumerable<JsonElement> Parameters(JsonElement description, string place) =>
        description.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == place) : [];

    /// <summary>Sends one request and checks its answer.</summary>
    /// <param name="operation">As <c>GET /v1/plugins/{plugin}</c>.</param>
    /// <param name="values">Of the path's parameters, over the document's examples.</param>
    public async Task<int> SendAsync(
        HttpClient client,
        string operation,
        IReadOnlyDictionary<string, string>? values = null,
        string query = "",
        string? contentType = null,
        byte[]? body = null,
        params (string Name, string Value)[] headers)
    {
        try
        {
            return await TrySendAsync(client, operation, values, query, contentType, body, headers);
        }
        catch (HttpRequestException)
        {
            // A server may end a connection that idles just when the client takes it up again. Twice it does not.
            return await TrySendAsync(client, operation, values, query, contentType, body, headers);
        }
    }

    /// <summary>Checks the status of the request that was answered last.</summary>
    public void Expect(int expected, int status)
    {
        if (status != expected)
            Wrong.Add($"{Last}, and {expected} was expected");
    }

    private async Task<int> TrySendAsync(
        HttpClient client, string operation, IReadOnlyDictionary<string, string>? values, string query, string? contentType, byte[]? body, (string Name, string Value)[] headers)
    {
        var description = Describe(operation);
        var path = operation.Split(' ')[1];

        foreach (var parameter in Parameters(description, "path"))
        {
            var name = parameter.GetProperty("name").GetString()!;
            path = path.Replace($"{{{name}}}", values?.GetValueOrDefault(name) ?? Uri.EscapeDataString(parameter.GetProperty("example").GetString()!), StringComparison.Ordinal);
        }

        using var request = new HttpRequestMessage(new HttpMethod(operation.Split(' ')[0]), new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path + query, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        if (body is not null)
        {
            // A refusal by the head alone comes before a large body was sent.
            request.Headers.ExpectContinue = body.Length > 64 * 1024;
            request.Content = new ByteArrayContent(body);

            if (contentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        if (client.DefaultRequestHeaders.Authorization is null && headers.FirstOrDefault(header => header.Name == "Authorization") is { Value: { } key })
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(key);

        // A log that is followed has no end.
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        var said = $"{operation} {path}{query} {contentType} {(body is null ? "" : Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200))))}: {status}";

        Requests++;
        Reached.Add((operation, status));
        Last = said;

        if (status == "500")
            Add((operation, status), $"{said} {await answer.Content.ReadAsStringAsync()}");
        else if (!description.GetProperty("responses").TryGetProperty(status, out var documented))
            Add((operation, status), $"{said} is not documented: {await TextAsync(answer)}");
        else
            await CheckAsync(operation, answer, documented, said);

        return (int)answer.StatusCode;
    }

    private void Add((string, string) kind, string wrong)
    {
        if (_said.Add(kind))
            Wrong.Add(wrong);
    }

    private async Task CheckAsync(string operation, HttpResponseMessage answer, JsonElement documented, string said)
    {
        var type = answer.Content.Headers.ContentType?.MediaType;

        // What a plugin answers has the type that its manifest says.
        if (type is null || answer.RequestMessage!.Method == HttpMethod.Head || (answer.IsSuccessStatusCode && operation.Split('/')[^1] is "handle" or "result"))
            return;

        if (!documented.TryGetProperty("content", out var content) || !content.EnumerateObject().Any(media => media.Name.Split(';')[0] == type))
            Add((operation, type), $"{said} has the type {type}, which is not documented");

        if (type != "application/problem+json")
            return;

        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var (status, code, detail) = (problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("code").GetString()!, problem.RootElement.GetProperty("detail").GetString()!);

        if (status != (int)answer.StatusCode || code.Length == 0 || code.Any(character => character is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '-')) || detail.Length == 0)
            Add((operation, "problem"), $"{said} is no whole problem: {problem.RootElement}");
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.Headers.ContentLength is > 0 ? await answer.Content.ReadAsStringAsync() : "";
}
