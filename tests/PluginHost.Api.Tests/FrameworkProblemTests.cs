using System.Net;
using System.Net.Http.Headers;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>What the framework refuses by itself is a problem too, and keeps the headers that belong to the refusal.</summary>
public sealed class FrameworkProblemTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Request_UnknownAddress_IsNotFound()
    {
        using var answer = await api.Client.GetAsync(new Uri("/v2/anything", UriKind.Relative));

        await ProblemAssert.IsAsync(answer, 404, "not-found");
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Request_MethodThatIsNotThere_NamesThoseThatAre()
    {
        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/calc/stats", UriKind.Relative), null);

        await ProblemAssert.IsAsync(answer, 405, "method-not-allowed");
        Assert.Contains("GET", answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Request_ParameterOfAnotherType_IsBadRequest()
    {
        using var answer = await api.Client.GetAsync(new Uri("/v1/plugins?pageSize=many", UriKind.Relative));

        var problem = await ProblemAssert.IsAsync(answer, 400, "bad-request");
        Assert.Equal("The parameter 'pageSize' cannot be 'many'.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task List_PageOfNothing_IsInvalid(int pageSize)
    {
        using var answer = await api.Client.GetAsync(new Uri($"/v1/plugins?pageSize={pageSize}", UriKind.Relative));

        await ProblemAssert.IsAsync(answer, 400, "invalid-page-size");
    }

    [Fact]
    public async Task Invoke_NotJson_IsUnsupported()
    {
        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/calc/exports/add/invoke", UriKind.Relative), new StringContent("args=1"));

        await ProblemAssert.IsAsync(answer, 415, "unsupported-media-type");
    }

    [Fact]
    public async Task Wasm_RangeTagAndHead_AreAsHttpHasThem()
    {
        var module = Repository.Sample("calc");
        using var upload = await api.UploadAsync("bytes", module);
        var address = new Uri("/v1/plugins/bytes/versions/1/wasm", UriKind.Relative);

        using var whole = await api.Client.GetAsync(address);
        using var part = await SendAsync(HttpMethod.Get, headers => headers.Range = new RangeHeaderValue(4, 7));
        using var behind = await SendAsync(HttpMethod.Get, headers => headers.Range = new RangeHeaderValue(module.Length, null));
        using var known = await SendAsync(HttpMethod.Get, headers => headers.IfNoneMatch.Add(whole.Headers.ETag!));
        using var head = await SendAsync(HttpMethod.Head, _ => { });

        Assert.Equal(module, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(upload.Headers.ETag, whole.Headers.ETag);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(module[4..8], await part.Content.ReadAsByteArrayAsync());
        await ProblemAssert.IsAsync(behind, 416, "range-not-satisfiable");
        Assert.Equal(module.Length, behind.Content.Headers.ContentRange!.Length);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(module.Length, head.Content.Headers.ContentLength);

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, Action<HttpRequestHeaders> headers)
        {
            using var request = new HttpRequestMessage(method, address);
            headers(request.Headers);
            return await api.Client.SendAsync(request);
        }
    }
}
