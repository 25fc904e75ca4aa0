using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.RichTypes;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.OpenApi;

public sealed class DocumentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Document_EveryExample_RunsAgainstTheSampleItNames()
    {
        using var upload = await api.UploadAsync("calc", Repository.Sample("calc"), """{"manifest":1,"name":"calc"}""");
        using var document = await ReadAsync();
        var run = new List<string>();

        foreach (var (path, method, operation) in Operations(document))
        {
            // The first key would close the server to a client that has none.
            if (path == "/v1/keys" || !operation.TryGetProperty("requestBody", out var body) || !body.GetProperty("content").TryGetProperty("application/json", out var json))
                continue;

            using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(Fill(path, operation), UriKind.Relative))
            {
                Content = new StringContent(json.GetProperty("example").GetRawText(), Encoding.UTF8, "application/json"),
            };

            foreach (var header in Headers(operation))
                request.Headers.TryAddWithoutValidation(header.GetProperty("name").GetString()!, header.GetProperty("example").GetString());

            using var answer = await api.Client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var response = operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json");

            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
            run.Add(path);

            if (response.TryGetProperty("example", out var expected))
                Assert.Equal(JsonSerializer.Serialize(expected), text);
        }

        Assert.Equal(4, run.Count);
    }

    [Fact]
    public async Task Document_EveryGetWithExamples_IsAnswered()
    {
        using var upload = await api.UploadAsync("calc", Repository.Sample("calc"), """{"manifest":1,"name":"calc"}""");
        using var document = await ReadAsync();

        foreach (var (path, _, operation) in Operations(document).Where(operation => operation.Method == "get" && !operation.Path.Contains("{key}", StringComparison.Ordinal) && !operation.Path.Contains("{operation}", StringComparison.Ordinal)))
        {
            using var answer = await api.Client.GetAsync(new Uri(Fill(path, operation), UriKind.Relative));

            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task Document_EveryOperation_HasASummaryAndSchemasAndProblems()
    {
        using var document = await ReadAsync();

        foreach (var (path, method, operation) in Operations(document))
        {
            Assert.True(operation.TryGetProperty("summary", out _), $"{method} {path} has no summary");
            var responses = operation.GetProperty("responses").EnumerateObject().ToList();

            foreach (var response in responses.Where(response => response.Name is not ("204" or "304") && method != "head"))
            {
                var content = response.Value.GetProperty("content").EnumerateObject().ToList();
                Assert.True(content.Count > 0 && content.All(type => type.Value.TryGetProperty("schema", out _)), $"{method} {path} {response.Name} has no schema");
                Assert.True(response.Name[0] == '2' || content[0].Name == "application/problem+json", $"{method} {path} {response.Name} is no problem");
            }

            if (path.StartsWith("/v1/", StringComparison.Ordinal))
                Assert.Contains(responses, response => response.Name == "401");
        }
    }

    [Fact]
    public async Task Document_Problem_HasTheFieldsThatHelp()
    {
        using var document = await ReadAsync();

        var fields = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").EnumerateObject().Select(field => field.Name).ToList();

        foreach (var field in (string[])["type", "title", "status", "detail", "code", "pointer", "signature", "trap", "stack", "instance"])
            Assert.Contains(field, fields);
    }

    [Fact]
    public async Task Swagger_Page_ReadsTheDocument()
    {
        using var page = await api.Client.GetAsync(new Uri("/swagger", UriKind.Relative));
        using var settings = await api.Client.GetAsync(new Uri("/swagger/index.js", UriKind.Relative));

        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("/openapi/v1.json", await settings.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonDocument document) =>
        document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name, operation.Value)));

    /// <summary>The headers that the document has an example of.</summary>
    private static IEnumerable<JsonElement> Headers(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "header" && parameter.TryGetProperty("example", out _))
        : [];

    private static string Fill(string path, JsonElement operation)
    {
        if (!operation.TryGetProperty("parameters", out var parameters))
            return path;

        foreach (var parameter in parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path"))
            path = path.Replace($"{{{parameter.GetProperty("name").GetString()}}}", parameter.GetProperty("example").GetString(), StringComparison.Ordinal);

        return path;
    }

    [Fact]
    public async Task Document_ReaderThatHasIt_IsNotSentItAgain()
    {
        using var first = await api.Client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/openapi/v1.json", UriKind.Relative));
        request.Headers.Add("If-None-Match", first.Headers.ETag?.ToString());

        using var second = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    private async Task<JsonDocument> ReadAsync() => JsonDocument.Parse(await api.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
}
