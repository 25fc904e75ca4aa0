using System.Text;
using System.Text.Json;

namespace PluginHost.Api.Tests.Security;

/// <summary>One operation of the server's document, as a request for it is made.</summary>
/// <param name="Path">With the examples of its parameters.</param>
/// <param name="Scope">The scope that it declares; null for one that anybody may use.</param>
/// <param name="Statuses">The answers that it declares.</param>
internal sealed record DocumentOperation(HttpMethod Method, string Template, string Path, string? Scope, IReadOnlySet<string> Statuses, string? ContentType, string? Body)
{
    public static List<DocumentOperation> All(JsonDocument document) =>
        [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => Of(path.Name, operation)))];

    public async Task<HttpResponseMessage> SendAsync(HttpClient client, string? key)
    {
        using var request = new HttpRequestMessage(Method, new Uri(Path, UriKind.Relative));

        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");

        if (ContentType is not null)
        {
            request.Content = new StringContent(Body ?? "", Encoding.UTF8);
            request.Content.Headers.ContentType = new(ContentType);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public override string ToString() => $"{Method} {Template}";

    private static DocumentOperation Of(string path, JsonProperty operation)
    {
        var filled = path;

        foreach (var parameter in operation.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
        {
            if (parameter.GetProperty("in").GetString() == "path")
                filled = filled.Replace($"{{{parameter.GetProperty("name").GetString()}}}", parameter.GetProperty("example").GetString(), StringComparison.Ordinal);
        }

        var security = operation.Value.GetProperty("security").EnumerateArray().ToList();
        JsonProperty? content = operation.Value.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().First() : null;

        return new DocumentOperation(
            HttpMethod.Parse(operation.Name),
            path,
            filled,
            security.Count == 0 ? null : security[0].GetProperty("key")[0].GetString(),
            operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToHashSet(StringComparer.Ordinal),
            content?.Name,
            content?.Value.TryGetProperty("example", out var example) == true ? example.GetRawText() : null);
    }
}
