using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.RichTypes;

/// <summary>The samples with rich types, uploaded as their authors build them and used over HTTP.</summary>
public sealed class SdkSampleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Greeter_WithNothingButGo_TakesAndGivesStrings()
    {
        await UploadAsync("greeter");

        Assert.Equal("Hello, Gopher! Hello, Gopher!", (await api.ResultAsync("greeter", "greet", """{"name":"Gopher","times":2}""")).GetString());
        Assert.Equal("\"6\"", (await api.ResultAsync("greeter", "sum", """["AQID"]""")).GetRawText());
        await api.ResultAsync("greeter", "remember", """["a text"]""");
        Assert.Equal("a text", (await api.ResultAsync("greeter", "recall", "[0]")).GetString());
        using var answer = await api.InvokeAsync("greeter", "recall", """{"args":[7]}""");
        Assert.Equal("not-kept", (await ProblemAssert.IsAsync(answer, 422, "plugin-error")).GetProperty("pluginCode").GetString());
    }

    [Fact]
    public async Task Pricing_AnOrder_IsPricedOrRefusedInItsWords()
    {
        await UploadAsync("pricing");

        using var refused = await api.HandleAsync("pricing", "price", """{"lines":[{"item":"nothing like it","count":1}]}"""u8.ToArray(), "application/json");
        using var unfit = await api.HandleAsync("pricing", "price", """{"lines":7}"""u8.ToArray(), "application/json");
        using var priced = await api.HandleAsync("pricing", "price", """{"lines":[{"item":"pen","count":2}]}"""u8.ToArray(), "application/json");

        Assert.Equal("unknown-item", (await ProblemAssert.IsAsync(refused, 422, "plugin-error")).GetProperty("pluginCode").GetString());
        Assert.Equal("invalid-input", (await ProblemAssert.IsAsync(unfit, 422, "plugin-error")).GetProperty("pluginCode").GetString());
        Assert.Equal(HttpStatusCode.OK, priced.StatusCode);
        using var quote = JsonDocument.Parse(await priced.Content.ReadAsStringAsync());
        Assert.Equal(300, quote.RootElement.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Markdown_ADocument_BecomesHtml()
    {
        await UploadAsync("markdown");

        using var answer = await api.HandleAsync("markdown", "render", Encoding.UTF8.GetBytes("# Title\n\nSome *text*.\n"), "text/markdown");

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("<h1>Title</h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task UploadAsync(string sample)
    {
        var manifest = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "plugins", sample, "plugin.json"));
        using var upload = await api.UploadAsync(sample, Repository.Sample(sample), manifest);

        Assert.True(upload.StatusCode == HttpStatusCode.Created, await upload.Content.ReadAsStringAsync());
    }
}
