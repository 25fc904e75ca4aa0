using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class AliasTests : IDisposable
{
    private readonly ApiFixture _api = new();

    [Fact]
    public async Task Put_ThenRollback_IsACanaryAndItsEnd()
    {
        await UploadAsync(2);
        using var live = await GetAsync("live");

        using var put = await PutAsync("live", """{"targets":[{"version":1,"weight":95},{"version":2,"weight":5}]}""", live.Headers.ETag);
        using var back = await _api.Client.PostAsync(Url("live/rollback"), null);
        using var list = await _api.Client.GetAsync(new Uri("/v1/plugins/value/aliases", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.NotEqual(live.Headers.ETag, put.Headers.ETag);
        var moved = await put.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("""[{"version":1,"weight":95},{"version":2,"weight":5}]""", moved.GetProperty("targets").GetRawText());
        Assert.Equal("""[{"version":2,"weight":100}]""", (await back.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("targets").GetRawText());
        Assert.Equal("live", Assert.Single((await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("aliases").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Put_NewAlias_IsCreatedAndSelectsItsVersion()
    {
        await UploadAsync(2);

        using var put = await PutAsync("old", """{"targets":[{"version":1}]}""", null);
        using var answer = await _api.InvokeAsync("value", "value", """{"args":[]}""", "?alias=old");

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal("/v1/plugins/value/aliases/old", put.Headers.Location?.ToString());
        Assert.Equal("""{"results":[1]}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("PluginHost-Version")));
    }

    [Fact]
    public async Task Put_WithoutOrWithAnOldCondition_IsRefusedAndChangesNothing()
    {
        await UploadAsync(2);
        using var before = await GetAsync("live");
        const string Body = """{"targets":[{"version":1}]}""";

        using var none = await PutAsync("live", Body, null);
        using var first = await PutAsync("live", Body, before.Headers.ETag);
        using var late = await PutAsync("live", """{"targets":[{"version":2}]}""", before.Headers.ETag);
        using var any = await PutAsync("live", """{"targets":[{"version":2}]}""", EntityTagHeaderValue.Any);

        await ProblemAssert.IsAsync(none, 428, "precondition-required");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await ProblemAssert.IsAsync(late, 412, "precondition-failed");
        Assert.Equal(HttpStatusCode.OK, any.StatusCode);
    }

    [Theory]
    [InlineData("live", """{"targets":[]}""", 400, "invalid-alias")]
    [InlineData("live", """{"targets":null}""", 400, "invalid-alias")]
    [InlineData("live", """{"targets":[null]}""", 400, "invalid-alias")]
    [InlineData("live", """{"targets":[{"version":1,"weight":0}]}""", 400, "invalid-alias")]
    [InlineData("live", """{"targets":[{"version":1,"weight":1000001}]}""", 400, "invalid-alias")]
    [InlineData("live", """{"targets":[{"version":1},{"version":1}]}""", 400, "invalid-alias")]
    [InlineData("live", """{"targets":[{"version":1,"weigth":5}]}""", 400, "malformed-json")]
    [InlineData("live", """{"targets":[{"version":9}]}""", 404, "version-not-found")]
    [InlineData("live", """{"targets":[{"version":-1}]}""", 404, "version-not-found")]
    [InlineData("7", """{"targets":[{"version":1}]}""", 400, "invalid-alias")]
    [InlineData("sha256:00", """{"targets":[{"version":1}]}""", 400, "invalid-alias")]
    [InlineData("Live", """{"targets":[{"version":1}]}""", 400, "invalid-alias")]
    public async Task Put_WrongTargets_AreAProblem(string alias, string body, int status, string code)
    {
        await UploadAsync(1);

        using var put = await PutAsync(alias, body, EntityTagHeaderValue.Any);

        await ProblemAssert.IsAsync(put, status, code);
    }

    [Fact]
    public async Task Delete_LiveOrUnknown_IsAProblemAndAnotherIsGone()
    {
        await UploadAsync(1);
        using var made = await PutAsync("old", """{"targets":[{"version":1}]}""", null);

        using var live = await _api.Client.DeleteAsync(Url("live"));
        using var unknown = await _api.Client.DeleteAsync(Url("nothing"));
        using var deleted = await _api.Client.DeleteAsync(Url("old"));
        using var gone = await GetAsync("old");

        await ProblemAssert.IsAsync(live, 409, "in-use");
        await ProblemAssert.IsAsync(unknown, 404, "alias-not-found");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await ProblemAssert.IsAsync(gone, 404, "alias-not-found");
    }

    [Fact]
    public async Task Rollback_NothingBefore_IsAConflict()
    {
        await UploadAsync(1);

        using var back = await _api.Client.PostAsync(Url("live/rollback"), null);

        await ProblemAssert.IsAsync(back, 409, "nothing-to-roll-back");
    }

    [Fact]
    public async Task Invoke_WithAnAffinity_StaysWithItsVersion()
    {
        await UploadAsync(2);
        using var put = await PutAsync("live", """{"targets":[{"version":1},{"version":2}]}""", EntityTagHeaderValue.Any);
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);

        for (var call = 0; call < 60; call++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/plugins/value/exports/value/invoke", UriKind.Relative)) { Content = new StringContent("""{"args":[]}""", Encoding.UTF8, "application/json") };
            var caller = $"user-{call % 12}";
            request.Headers.Add("PluginHost-Affinity", caller);
            using var answer = await _api.Client.SendAsync(request);
            var version = Assert.Single(answer.Headers.GetValues("PluginHost-Version"));

            Assert.Equal(version, versions.GetValueOrDefault(caller, version));
            versions[caller] = version;
        }

        Assert.Equal(2, versions.Values.Distinct().Count());
    }

    public void Dispose() => _api.Dispose();

    private static Uri Url(string alias) => new($"/v1/plugins/value/aliases/{alias}", UriKind.Relative);

    private async Task UploadAsync(byte versions)
    {
        for (byte version = 1; version <= versions; version++)
        {
            using var upload = await _api.UploadAsync("value", new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, version).ToArray());
            Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        }
    }

    private Task<HttpResponseMessage> GetAsync(string alias) => _api.Client.GetAsync(Url(alias));

    private Task<HttpResponseMessage> PutAsync(string alias, string body, EntityTagHeaderValue? ifMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, Url(alias)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        if (ifMatch is not null)
            request.Headers.IfMatch.Add(ifMatch);

        return _api.Client.SendAsync(request);
    }
}
