using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.OpenApi;
using PluginHost.Api.Tests.RichTypes;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.OpenApi;

public sealed class PluginDocumentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("calc", null)]
    [InlineData("handlers", null)]
    [InlineData("bytes", GuestUpload.BytesManifest)]
    [InlineData("bytes", null)]
    public async Task Document_OfAnyPlugin_IsReadWithoutComplaintAndHasEveryFunction(string guest, string? manifest)
    {
        var plugin = $"document-{guest}-{(manifest is null ? "plain" : "declared")}";
        await UploadAsync(plugin, guest, manifest);

        var text = await api.Client.GetStringAsync(new Uri($"/v1/plugins/{plugin}/openapi.json", UriKind.Relative));
        var read = OpenApiDocument.Parse(text, OpenApiConstants.Json);

        Assert.NotNull(read.Document);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.Empty(read.Document.Validate(ValidationRuleSet.GetDefaultRuleSet()).Select(error => error.ToString()));
        var exports = (await api.JsonAsync($"/v1/plugins/{plugin}/exports")).GetProperty("items").EnumerateArray().Select(export => export.GetProperty("name").GetString()).ToList();
        Assert.NotEmpty(exports);
        Assert.Equal(exports.Order(StringComparer.Ordinal), read.Document.Paths.Keys.Select(path => path.Split('/')[5]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_WithAManifest_HasItsNamesDocsAndSchemas()
    {
        await UploadAsync("document-words", "bytes", GuestUpload.BytesManifest);

        var document = await api.JsonAsync("/v1/plugins/document-words/openapi.json");
        var length = document.GetProperty("paths").GetProperty("/v1/plugins/document-words/exports/length/invoke").GetProperty("post");
        var upper = document.GetProperty("paths").GetProperty("/v1/plugins/document-words/exports/upper/handle").GetProperty("post");
        var schemas = document.GetProperty("components").GetProperty("schemas");

        Assert.Equal(("length", "length counts bytes."), (length.GetProperty("operationId").GetString(), length.GetProperty("description").GetString()));
        Assert.Equal("string", schemas.GetProperty("lengthRequest").GetProperty("properties").GetProperty("args").GetProperty("properties").GetProperty("text").GetProperty("type").GetString());
        Assert.True(upper.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/html; charset=utf-8", out _));
        Assert.Equal("#/components/schemas/echoInput.Size", schemas.GetProperty("echoInput").GetProperty("properties").GetProperty("size").GetProperty("$ref").GetString());
        Assert.Equal(3, schemas.GetProperty("echoInput.Size").GetProperty("minimum").GetInt32());
        Assert.StartsWith("For tests.", document.GetProperty("info").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.True(schemas.TryGetProperty("Problem", out _));
    }

    [Theory]
    [InlineData("calc", null)]
    [InlineData("handlers", null)]
    [InlineData("bytes", GuestUpload.BytesManifest)]
    public async Task Document_EveryExample_Runs(string guest, string? manifest)
    {
        var plugin = $"examples-{guest}";
        await UploadAsync(plugin, guest, manifest);
        var document = await api.JsonAsync($"/v1/plugins/{plugin}/openapi.json");
        var run = 0;

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            var operation = path.Value.GetProperty("post");

            // What traps, lies or fails whatever it is given does so with an example too; "raw" gives what it gets as JSON.
            if (operation.GetProperty("operationId").GetString() is "panic" or "fail" or "lie" or "cloned" or "slice" or "set_mode" or "raw" || !operation.TryGetProperty("requestBody", out var body))
                continue;

            var media = body.GetProperty("content").EnumerateObject().Single();
            var example = media.Value.GetProperty("example");
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(media.Name == "application/json" ? example.GetRawText() : example.GetString()!));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(media.Name);
            using var answer = await api.Client.PostAsync(new Uri(path.Name, UriKind.Relative), content);

            Assert.True(answer.IsSuccessStatusCode, $"{path.Name} {example}: {await answer.Content.ReadAsStringAsync()}");
            Assert.True(operation.GetProperty("responses").TryGetProperty(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture), out _));
            run++;
        }

        Assert.True(run >= 3);
    }

    [Fact]
    public async Task Document_OfNoPluginOrVersion_IsAProblem()
    {
        await UploadAsync("document-one", "calc", null);
        using var plugin = await api.Client.GetAsync(new Uri("/v1/plugins/document-none/openapi.json", UriKind.Relative));
        using var version = await api.Client.GetAsync(new Uri("/v1/plugins/document-one/openapi.json?version=7", UriKind.Relative));

        await ProblemAssert.IsAsync(plugin, 404, "plugin-not-found");
        await ProblemAssert.IsAsync(version, 404, "version-not-found");
    }

    [Fact]
    public async Task SwaggerUI_AfterAnUpload_OffersThePluginsDocument()
    {
        var before = await ReadUserInterfaceAsync();
        await UploadAsync("document-shown", "calc", null);
        var after = await ReadUserInterfaceAsync();

        Assert.Contains("/openapi/v1.json", before, StringComparison.Ordinal);
        Assert.DoesNotContain("document-shown", before, StringComparison.Ordinal);
        Assert.Contains("/v1/plugins/document-shown/openapi.json", after, StringComparison.Ordinal);
    }

    private async Task<string> ReadUserInterfaceAsync() =>
        await api.Client.GetStringAsync(new Uri("/swagger/index.html", UriKind.Relative)) + await api.Client.GetStringAsync(new Uri("/swagger/index.js", UriKind.Relative));

    private async Task UploadAsync(string plugin, string guest, string? manifest)
    {
        var module = guest == "calc" ? Repository.Sample(guest) : GuestUpload.Guest(guest);
        using var upload = manifest is null ? await api.UploadAsync(plugin, module) : await api.UploadAsync(plugin, module, manifest);

        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
    }
}
