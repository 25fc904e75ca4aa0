using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Security;

/// <summary>Keys over the API.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly ApiFixture _api = new();

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task FirstKey_OnThisMachine_ClosesTheServerToCallersWithoutOne()
    {
        using var before = await SendAsync(HttpMethod.Get, "/v1/plugins", null);
        using var reader = await SendAsync(HttpMethod.Post, "/v1/keys", null, """{"name":"r","scopes":["read"]}""");
        var (id, secret) = await MakeAsync(null, """{"name":"me","scopes":["admin"]}""");

        using var none = await SendAsync(HttpMethod.Get, "/v1/plugins", null);
        using var mine = await SendAsync(HttpMethod.Get, "/v1/plugins", secret);
        using var last = await SendAsync(HttpMethod.Delete, $"/v1/keys/{id}", secret);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await ProblemAssert.IsAsync(reader, 409, "last-admin-key");
        await ProblemAssert.IsAsync(none, 401, "unauthenticated");
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
        await ProblemAssert.IsAsync(last, 409, "last-admin-key");
    }

    [Fact]
    public async Task Key_Revoked_CountsNoMoreOnTheSameConnection()
    {
        var (_, admin) = await MakeAsync(null, """{"name":"me","scopes":["admin"]}""");
        var (id, secret) = await MakeAsync(admin, """{"name":"ci","scopes":["read"],"expiresAt":"2099-01-01T00:00:00Z"}""");
        using var before = await SendAsync(HttpMethod.Get, "/v1/plugins", secret);

        using var revoked = await SendAsync(HttpMethod.Delete, $"/v1/keys/{id}", admin);
        using var after = await SendAsync(HttpMethod.Get, "/v1/plugins", secret);
        using var list = await SendAsync(HttpMethod.Get, "/v1/keys", admin);
        using var one = await SendAsync(HttpMethod.Get, $"/v1/keys/{id}", admin);
        using var unknown = await SendAsync(HttpMethod.Delete, "/v1/keys/nobody", admin);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await ProblemAssert.IsAsync(after, 401, "unauthenticated");
        await ProblemAssert.IsAsync(unknown, 404, "key-not-found");
        Assert.Contains($"\"id\":\"{id}\"", await one.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var keys = JsonDocument.Parse(await list.Content.ReadAsStringAsync());
        var entry = keys.RootElement.GetProperty("items").EnumerateArray().Single(key => key.GetProperty("id").GetString() == id);
        Assert.True(entry.TryGetProperty("revokedAt", out _));
        Assert.DoesNotContain(secret.Split('_')[2], await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_RevokedWhileItFollowsALog_ReadsNoFurtherLine()
    {
        using var upload = await _api.UploadAsync("faults", Repository.Sample("faults"));
        var (_, admin) = await MakeAsync(null, """{"name":"me","scopes":["admin"]}""");
        var (id, secret) = await MakeAsync(admin, """{"name":"reader","scopes":["read"]}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins/faults/logs?follow=true", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await _api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(": following", await reader.ReadLineAsync());

        using var revoked = await SendAsync(HttpMethod.Delete, $"/v1/keys/{id}", admin);
        using var call = await SendAsync(HttpMethod.Post, "/v1/plugins/faults/exports/panicText/invoke", admin, """{"args":[]}""");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.DoesNotContain("panic", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_OfOnePlugin_SeesAndReachesNoOther()
    {
        using var calc = await _api.UploadAsync("calc", Repository.Sample("calc"));
        using var other = await _api.UploadAsync("calc2", Repository.Sample("calc"));
        var (_, admin) = await MakeAsync(null, """{"name":"me","scopes":["admin"]}""");
        var (_, secret) = await MakeAsync(admin, """{"name":"ci","scopes":["deploy","invoke"],"plugin":"calc"}""");

        using var list = await SendAsync(HttpMethod.Get, "/v1/plugins", secret);
        using var plugins = JsonDocument.Parse(await list.Content.ReadAsStringAsync());
        Assert.Equal("calc", Assert.Single(plugins.RootElement.GetProperty("plugins").EnumerateArray()).GetProperty("name").GetString());

        using var call = await SendAsync(HttpMethod.Post, "/v1/plugins/calc/exports/add/invoke", secret, """{"args":[1,2]}""");
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);

        foreach (var path in (string[])
        [
            "/v1/plugins/calc2", "/v1/plugins/CALC2", "/v1/plugins/calc%32", "/v1/plugins/calc/../calc2", "/v1/plugins/calc%2F..%2Fcalc2", "/v1/plugins/calc/%2e%2e/calc2",
            "/v1/plugins/calc2/stats?plugin=calc", "/v1/plugins/calc%00", "/v1/plugins/calc2/", "/v1/plugins/calc;calc2", "/v1/plugins/CALC/stats", "/metrics", "/v1/keys", "/swagger/index.js",
        ])
        {
            using var answer = await SendAsync(HttpMethod.Get, path, secret);

            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, $"{path}: {answer.StatusCode}");
        }

        using var delete = await SendAsync(HttpMethod.Delete, "/v1/plugins/calc2", secret);
        await ProblemAssert.IsAsync(delete, 403, "forbidden");
    }

    [Fact]
    public async Task Key_OfOnePlugin_CannotGrantItCallsOfOthersOrTheHostsFiles()
    {
        var (_, admin) = await MakeAsync(null, """{"name":"me","scopes":["admin"]}""");
        var (_, secret) = await MakeAsync(admin, """{"name":"ci","scopes":["deploy"],"plugin":"calc"}""");
        using var given = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", admin, """{"grants":{"call":["pricing"]}}""");

        using var more = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", secret, """{"grants":{"call":["pricing","other"]}}""");
        using var same = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", secret, """{"pool":{"maximum":2},"grants":{"call":["pricing"]}}""");

        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        await ProblemAssert.IsAsync(more, 403, "forbidden");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    [Theory]
    [InlineData("[]", 400, "malformed-json")]
    [InlineData("null", 400, "invalid-key")]
    [InlineData("{}", 400, "invalid-key")]
    [InlineData("""{"name":"a","scopes":["admin"],"secret":"mine"}""", 400, "malformed-json")]
    [InlineData("""{"name":"a","scopes":[null]}""", 400, "invalid-key")]
    [InlineData("""{"name":"a","scopes":["admin"],"plugin":"../b"}""", 400, "invalid-key")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"2001-01-01T00:00:00Z"}""", 400, "invalid-key")]
    public async Task Create_WhatIsNoRequest_IsAProblem(string body, int status, string code)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/v1/keys", null, body);

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Fact]
    public async Task Create_HugeBody_IsRefused()
    {
        using var answer = await SendAsync(HttpMethod.Post, "/v1/keys", null, $$"""{"name":"{{new string('a', 64 * 1024)}}"}""");

        await ProblemAssert.IsAsync(answer, 413, "body-too-large");
    }

    private async Task<(string Id, string Secret)> MakeAsync(string? key, string body)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/v1/keys", key, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var made = JsonDocument.Parse(text);
        return (made.RootElement.GetProperty("key").GetProperty("id").GetString()!, made.RootElement.GetProperty("secret").GetString()!);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? body = null)
    {
        var address = new Uri(_api.Client.BaseAddress + path.TrimStart('/'), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, address);

        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);

        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        return await _api.Client.SendAsync(request);
    }
}
