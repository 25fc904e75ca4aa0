using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class VersionListTests : IDisposable
{
    private readonly ApiFixture _api = new();

    [Fact]
    public async Task List_ByPages_HasEveryVersionOnceTheNewestFirst()
    {
        await UploadAsync(5);
        var seen = new List<int>();
        string? token = null;

        do
        {
            var page = await _api.Client.GetFromJsonAsync<JsonElement>(Url("?pageSize=2&pageToken=" + token));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(version => version.GetProperty("ordinal").GetInt32()));
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;

            // What is deleted or added between two pages moves no other version to another page.
            if (seen.Count == 2)
            {
                using var deleted = await _api.Client.DeleteAsync(Url("/4"));
            }
        }
        while (token is not null);

        Assert.Equal([5, 4, 3, 2, 1], seen);
    }

    [Theory]
    [InlineData("?pageSize=0", "invalid-page-size")]
    [InlineData("?pageToken=!", "invalid-page-token")]
    [InlineData("?pageToken=YQ", "invalid-page-token")]
    [InlineData("?pageToken=OTk5OTk5OTk5OTk5", "invalid-page-token")]
    public async Task List_WrongPage_IsAProblem(string query, string code)
    {
        await UploadAsync(1);

        using var answer = await _api.Client.GetAsync(Url(query));

        await ProblemAssert.IsAsync(answer, 400, code);
    }

    [Theory]
    [InlineData("versions/1")]
    [InlineData("aliases/live")]
    public async Task Get_WithTheTagItHas_IsNotSentAgain(string path)
    {
        await UploadAsync(1);
        var url = new Uri($"/v1/plugins/value/{path}", UriKind.Relative);
        using var first = await _api.Client.GetAsync(url);

        using var known = await GetAsync(url, first.Headers.ETag!);
        using var weak = await GetAsync(url, new EntityTagHeaderValue(first.Headers.ETag!.Tag, isWeak: true));
        using var other = await GetAsync(url, new EntityTagHeaderValue("\"other\""));

        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(first.Headers.ETag, known.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, weak.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Delete_WithATagThatIsNotItsOwn_DeletesNothing()
    {
        await UploadAsync(2);
        using var second = await _api.Client.GetAsync(Url("/2"));
        using var first = await _api.Client.GetAsync(Url("/1"));

        using var refused = await DeleteAsync("/1", second.Headers.ETag!);
        using var deleted = await DeleteAsync("/1", first.Headers.ETag!);

        await ProblemAssert.IsAsync(refused, 412, "precondition-failed");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    public void Dispose() => _api.Dispose();

    private static Uri Url(string rest) => new($"/v1/plugins/value/versions{rest}", UriKind.Relative);

    private async Task<HttpResponseMessage> GetAsync(Uri url, EntityTagHeaderValue ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.IfNoneMatch.Add(ifNoneMatch);
        return await _api.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> DeleteAsync(string version, EntityTagHeaderValue ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Url(version));
        request.Headers.IfMatch.Add(ifMatch);
        return await _api.Client.SendAsync(request);
    }

    private async Task UploadAsync(byte versions)
    {
        for (byte version = 1; version <= versions; version++)
        {
            using var upload = await _api.UploadAsync("value", new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, version).ToArray());
            Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        }
    }
}
