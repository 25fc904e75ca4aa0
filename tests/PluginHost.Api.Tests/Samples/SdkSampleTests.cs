using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Samples;

/// <summary>The samples that are written with the Go module of <c>plugins/sdk</c>, uploaded with their manifests and used through REST.</summary>
public sealed class SdkSampleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Pricing_Order_IsPricedOrRefusedWithDetails()
    {
        await UploadAsync("pricing");

        using var priced = await HandleAsync("pricing", "price", """{"lines":[{"item":"pen","count":10}],"coupon":"SPRING"}""");
        using var refused = await HandleAsync("pricing", "price", """{"lines":[{"item":"moon","count":1}]}""");

        Assert.Equal("""{"lines":[{"item":"pen","count":10,"unit":150,"total":1350}],"discount":67,"total":1283}""", await priced.Content.ReadAsStringAsync());
        var problem = await ProblemAssert.IsAsync(refused, 422, "plugin-error");
        Assert.Equal("unknown-item", problem.GetProperty("pluginCode").GetString());
        Assert.Equal("""{"line":0,"item":"moon"}""", problem.GetProperty("pluginDetails").GetRawText());
    }

    [Fact]
    public async Task Markdown_WholeBody_IsHtml()
    {
        await UploadAsync("markdown");
        var text = "# Hi *there*\n\n" + string.Concat(Enumerable.Repeat("- item\n", 5_000));

        using var answer = await HandleAsync("markdown", "render", text, "text/markdown");

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.StartsWith("<h1>Hi <em>there</em></h1>\n<ul>\n<li>item</li>\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Greeter_NamedArguments_AreGreeted()
    {
        await UploadAsync("greeter");

        using var answer = await api.InvokeAsync("greeter", "greet", """{"args":{"times":2,"name":"Gopher"}}""");

        Assert.Equal("""{"results":["Hello, Gopher! Hello, Gopher!"]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Shortener_ManyAtOnce_GetCodesOfTheirOwn()
    {
        await ConfigureAsync("shortener", """{"grants":{"kv":true},"pool":{"maximum":4}}""");
        await UploadAsync("shortener");

        var links = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => JsonAsync("shortener", "shorten", $$"""{"url":"https://example.com/{{i}}"}""")));
        var codes = links.ToDictionary(link => link.GetProperty("code").GetString()!, link => link.GetProperty("url").GetString(), StringComparer.Ordinal);

        Assert.Equal(20, codes.Count);
        foreach (var (code, url) in codes)
            Assert.Equal($$"""{"code":"{{code}}","url":"{{url}}","visits":1}""", (await JsonAsync("shortener", "resolve", $$"""{"code":"{{code}}"}""")).GetRawText());

        Assert.Equal(20, (await JsonAsync("shortener", "list", "{}")).GetArrayLength());
        using var unknown = await HandleAsync("shortener", "resolve", """{"code":"none"}""");
        Assert.Equal("unknown-code", (await ProblemAssert.IsAsync(unknown, 422, "plugin-error")).GetProperty("pluginCode").GetString());
    }

    [Fact]
    public async Task Shortener_WithoutTheGrant_IsRefused()
    {
        using var upload = await UploadAnyAsync("shortener-without", "shortener");

        await ProblemAssert.IsAsync(upload, 422, "missing-grant");
    }

    [Fact]
    public async Task Weather_OfACity_IsAskedForWithTheToken()
    {
        await using var server = WebApplication.CreateSlimBuilder().Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapGet("/v1/current", (HttpContext context, string city) => context.Request.Headers.Authorization != "Bearer t0ken" ? Results.Unauthorized()
            : city == "São Paulo" ? Results.Json(new { temperature = 20.5, condition = "rain" })
            : Results.NotFound());
        await server.StartAsync();
        var address = server.Urls.First();
        await ConfigureAsync(
            "weather",
            $$$"""{"grants":{"http":{"hosts":["{{{new Uri(address).Authority}}}"],"schemes":["http"],"privateAddresses":true}},"config":{"url":"{{{address}}}"},"secrets":{"token":"t0ken"}}""");
        await UploadAsync("weather");

        var weather = await JsonAsync("weather", "current", """{"city":"São Paulo"}""");
        using var unknown = await HandleAsync("weather", "current", """{"city":"Nowhere"}""");

        Assert.Equal("""{"city":"São Paulo","temperature":20.5,"unit":"celsius","condition":"rain"}""", weather.GetRawText());
        Assert.Equal("unknown-city", (await ProblemAssert.IsAsync(unknown, 422, "plugin-error")).GetProperty("pluginCode").GetString());
    }

    [Fact]
    public async Task Pipeline_Offer_IsWhatTwoPluginsMakeOfIt()
    {
        await UploadAsync("pricing");
        await UploadAsync("markdown");
        await ConfigureAsync("pipeline", """{"grants":{"call":["pricing","markdown"]}}""");
        await UploadAsync("pipeline");

        var offer = await JsonAsync("pipeline", "offer", """{"text":"# Hi","order":{"lines":[{"item":"pen","count":1}]}}""");
        using var refused = await HandleAsync("pipeline", "offer", """{"text":"","order":{"lines":[{"item":"moon","count":1}]}}""");

        Assert.Equal("<h1>Hi</h1>\n", offer.GetProperty("html").GetString());
        Assert.Equal(150, offer.GetProperty("quote").GetProperty("total").GetInt32());
        var problem = await ProblemAssert.IsAsync(refused, 422, "plugin-error");
        Assert.Equal("unknown-item", problem.GetProperty("pluginCode").GetString());
        Assert.Equal("moon", problem.GetProperty("pluginDetails").GetProperty("item").GetString());
    }

    private async Task ConfigureAsync(string plugin, string configuration)
    {
        using var content = new StringContent(configuration, Encoding.UTF8, "application/json");
        using var put = await api.Client.PutAsync(new Uri($"/v1/plugins/{plugin}", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    private async Task UploadAsync(string sample)
    {
        using var upload = await UploadAnyAsync(sample, sample);
        Assert.True(upload.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, await upload.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> UploadAnyAsync(string plugin, string sample)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(Repository.Sample(sample)), "file", $"{sample}.wasm");
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "plugins", sample, "plugin.json"))), "manifest", "plugin.json");
        return await api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), form);
    }

    private async Task<HttpResponseMessage> HandleAsync(string plugin, string handler, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        return await api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/{handler}/handle", UriKind.Relative), content);
    }

    private async Task<JsonElement> JsonAsync(string plugin, string handler, string body)
    {
        using var answer = await HandleAsync(plugin, handler, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
