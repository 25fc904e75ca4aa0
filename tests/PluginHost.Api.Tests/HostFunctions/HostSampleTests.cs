using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.HostFunctions;

/// <summary>The samples that use host functions, as their users would: shortener, weather and pipeline.</summary>
public sealed class HostSampleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Order = """{"lines":[{"item":"book","count":2}]}""";

    [Fact]
    public async Task Shortener_Links_AreKeptAndCounted()
    {
        await UploadAsync("shortener", """{"grants":{"kv":true}}""");

        Assert.Equal("""{"code":"1","url":"https://a.example/long","visits":0}""", await HandleAsync("shortener", "shorten", """{"url":"https://a.example/long"}"""));
        Assert.Equal("""{"code":"2","url":"https://b.example/","visits":0}""", await HandleAsync("shortener", "shorten", """{"url":"https://b.example/"}"""));
        await HandleAsync("shortener", "resolve", """{"code":"1"}""");
        Assert.Equal("""{"code":"1","url":"https://a.example/long","visits":2}""", await HandleAsync("shortener", "resolve", """{"code":"1"}"""));
        Assert.Equal("""[{"code":"2","url":"https://b.example/","visits":0}]""", await HandleAsync("shortener", "list", """{"after":"1"}"""));
        await AssertPluginErrorAsync("shortener", "resolve", """{"code":"zz"}""", "unknown-code");
        await AssertPluginErrorAsync("shortener", "shorten", """{"url":"ftp://a"}""", "bad-url");
    }

    [Fact]
    public async Task Shortener_ManyAtOnce_GiveEachACodeOfItsOwn()
    {
        using var own = ApiFixture.With();
        await UploadAsync(own, "shortener", """{"grants":{"kv":true}}""");

        var links = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => HandleAsync(own, "shortener", "shorten", $"{{\"url\":\"https://a.example/{i}\"}}")));

        Assert.Equal(24, links.Select(link => JsonDocument.Parse(link).RootElement.GetProperty("code").GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Weather_OfAServer_IsTold()
    {
        await using var web = await WebHost.StartAsync();
        await UploadAsync("weather", Weather(web, """ "privateAddresses":true,"timeoutMilliseconds":4000,"responseBytes":1000000 """));

        Assert.Equal("""{"city":"Bern","temperature":54.5,"unit":"fahrenheit","condition":"rain"}""", await HandleAsync("weather", "current", """{"city":"Bern","unit":"fahrenheit"}"""));

        // A redirect on the same host takes the token along.
        Assert.Equal("""{"city":"Moved","temperature":12.5,"unit":"celsius","condition":"rain"}""", await HandleAsync("weather", "current", """{"city":"Moved"}"""));
        await AssertPluginErrorAsync("weather", "current", """{"city":"Atlantis"}""", "unknown-city");
        await AssertPluginErrorAsync("weather", "current", """{"city":"Slow"}""", "no-weather");
        await AssertPluginErrorAsync("weather", "current", """{"city":"Large"}""", "no-weather");
    }

    [Fact]
    public async Task Weather_WithoutPrivateAddresses_IsDenied()
    {
        using var own = ApiFixture.With();
        await using var web = await WebHost.StartAsync();
        await UploadAsync(own, "weather", Weather(web, """ "privateAddresses":false """));

        var problem = await AssertPluginErrorAsync(own, "weather", "current", """{"city":"Bern"}""", "no-weather");

        Assert.Contains("has no public address", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(web.Requests);
    }

    [Fact]
    public async Task Pipeline_OfMarkdownAndPricing_MakesAnOffer()
    {
        await UploadAsync("markdown", "{}");
        await UploadAsync("pricing", "{}");
        await UploadAsync("pipeline", """{"grants":{"call":["markdown","pricing"]}}""");

        var offer = await HandleAsync("pipeline", "offer", """{"text":"# Tea","order":ORDER}""".Replace("ORDER", Order, StringComparison.Ordinal));

        using var made = JsonDocument.Parse(offer);
        Assert.Contains("<h1>Tea</h1>", made.RootElement.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.Equal(await HandleAsync("pricing", "price", Order), made.RootElement.GetProperty("quote").GetRawText());

        // An error of a plugin that was called comes through, with its code.
        await AssertPluginErrorAsync("pipeline", "offer", """{"text":"","order":{"lines":[{"item":"moon","count":1}]}}""", "unknown-item");
    }

    private static string Weather(WebHost web, string grant) =>
        $"{{\"config\":{{\"url\":\"{web.Url}\"}},\"secrets\":{{\"token\":\"t0ken\"}},\"grants\":{{\"http\":{{\"hosts\":[\"127.0.0.1:{web.Port}\"],\"schemes\":[\"http\"],{grant}}}}}}}";

    private Task UploadAsync(string sample, string configuration) => UploadAsync(api, sample, configuration);

    private static async Task UploadAsync(ApiFixture api, string sample, string configuration)
    {
        using var put = await api.Client.PutAsync(new Uri($"/v1/plugins/{sample}", UriKind.Relative), Json(configuration));
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        using var upload = await api.UploadAsync(sample, Repository.Sample(sample));
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
    }

    private Task<string> HandleAsync(string plugin, string handler, string body) => HandleAsync(api, plugin, handler, body);

    private static async Task<string> HandleAsync(ApiFixture api, string plugin, string handler, string body)
    {
        using var answer = await SendAsync(api, plugin, handler, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text;
    }

    private Task<JsonElement> AssertPluginErrorAsync(string plugin, string handler, string body, string code) => AssertPluginErrorAsync(api, plugin, handler, body, code);

    private static async Task<JsonElement> AssertPluginErrorAsync(ApiFixture api, string plugin, string handler, string body, string code)
    {
        using var answer = await SendAsync(api, plugin, handler, body);
        var problem = await ProblemAssert.IsAsync(answer, 422, "plugin-error");
        Assert.Equal(code, problem.GetProperty("pluginCode").GetString());
        return problem;
    }

    private static Task<HttpResponseMessage> SendAsync(ApiFixture api, string plugin, string handler, string body) =>
        api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/{handler}/handle", UriKind.Relative), Json(body));

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
