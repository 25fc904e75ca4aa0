using System.Net;
using System.Security.Cryptography;
using System.Text;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.RichTypes;

/// <summary>Handlers as the SDK registers them, and what a plugin can do wrong with them.</summary>
public sealed class HandlerTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Plugin = "handlers";

    public async Task InitializeAsync()
    {
        using var configuration = await api.Client.PutAsync(new Uri($"/v1/plugins/{Plugin}", UriKind.Relative), new StringContent("""{"pool":{"maximum":1}}""", Encoding.UTF8, "application/json"));
        using var upload = await api.UploadAsync(Plugin, GuestUpload.Guest("handlers"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Exports_OfAPluginWithHandlers_ListThemByKind()
    {
        var exports = (await api.JsonAsync($"/v1/plugins/{Plugin}/exports")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(
            ["export length", "export set-mode", "handler echo", "handler fail", "handler nest", "handler panic", "handler raw"],
            exports.Select(export => $"{export.GetProperty("kind")} {export.GetProperty("name")}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_192)]
    [InlineData(8_193)]
    [InlineData(1_048_576)]
    public async Task Handle_AnyBytes_ComeBackAsTheyWere(int size)
    {
        var body = RandomNumberGenerator.GetBytes(size);

        using var answer = await api.HandleAsync(Plugin, "echo", body, "image/png");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Handle_MoreThanABodyMayHave_IsRefused()
    {
        using var answer = await api.HandleAsync(Plugin, "echo", new byte[1_048_577]);

        await ProblemAssert.IsAsync(answer, 413, "body-too-large");
    }

    [Fact]
    public async Task Handle_Json_IsCheckedInAndOut()
    {
        using var nested = await api.HandleAsync(Plugin, "nest", "[1,{}]"u8.ToArray(), "application/json");
        using var good = await api.HandleAsync(Plugin, "raw", "17"u8.ToArray());
        using var bad = await api.HandleAsync(Plugin, "raw", "17,"u8.ToArray());
        using var notText = await api.HandleAsync(Plugin, "raw", [(byte)'"', 0xFF, (byte)'"']);

        Assert.Equal("""{"in":[1,{}]}""", await nested.Content.ReadAsStringAsync());
        Assert.Equal("application/json", nested.Content.Headers.ContentType!.ToString());
        Assert.Equal("17", await good.Content.ReadAsStringAsync());
        await ProblemAssert.IsAsync(bad, 422, "invalid-result");
        await ProblemAssert.IsAsync(notText, 422, "invalid-result");
    }

    [Fact]
    public async Task Invoke_AHandler_TakesOneArgumentByPositionOrName()
    {
        Assert.Equal("""{"in":{"a":1}}""", (await api.ResultAsync(Plugin, "nest", """[{"a":1}]""")).GetRawText());
        Assert.Equal("""{"in":null}""", (await api.ResultAsync(Plugin, "nest", """{"input":null}""")).GetRawText());
        Assert.Equal("AAH/", (await api.ResultAsync(Plugin, "echo", """["AAH/"]""")).GetString());
    }

    [Fact]
    public async Task Handle_AHandlerThatFails_IsAProblemAndOneThatPanicsATrap()
    {
        using var failure = await api.HandleAsync(Plugin, "fail", "abc"u8.ToArray());
        using var panic = await api.HandleAsync(Plugin, "panic", []);

        var problem = await ProblemAssert.IsAsync(failure, 422, "plugin-error");
        Assert.Equal("it is wrong: ABC", problem.GetProperty("detail").GetString());
        Assert.Equal("""{"length":[1,2]}""", problem.GetProperty("pluginDetails").GetRawText());
        await ProblemAssert.IsAsync(panic, 422, "trap");
    }

    [Theory]
    [InlineData(1, 413, "argument-too-large", "kept")]
    [InlineData(2, 422, "invalid-result", "discarded")]
    [InlineData(3, 422, "invalid-result", "discarded")]
    public async Task Handle_WhereTheBufferIsNoneOrALie_LeavesTheHostAlive(int mode, int status, string code, string instance)
    {
        using var set = await api.InvokeAsync(Plugin, "set-mode", $"{{\"args\":[{mode}]}}");
        using var answer = await api.HandleAsync(Plugin, "echo", new byte[20_000]);

        var problem = await ProblemAssert.IsAsync(answer, status, code);
        Assert.Equal(instance, problem.GetProperty("instance").GetString());
        using var reset = await api.InvokeAsync(Plugin, "set-mode", """{"args":[0]}""");
        using var again = await api.HandleAsync(Plugin, "echo", new byte[20_000]);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    [InlineData("pluginhost_handle")]
    [InlineData("pluginhost_buffer")]
    [InlineData("pluginhost_handlers")]
    public async Task Invoke_AReservedExport_IsNotThere(string export)
    {
        using var answer = await api.InvokeAsync(Plugin, export, """{"args":[1]}""");

        await ProblemAssert.IsAsync(answer, 404, "export-not-found");
    }

    [Theory]
    [InlineData("""{"name":"nest","input":{"type":"bytes"},"output":{"type":"json"}}""")]
    [InlineData("""{"name":"length","input":{"type":"bytes"},"output":{"type":"json"}}""")]
    public async Task Upload_AManifestWithOtherHandlers_IsRefused(string handler)
    {
        using var upload = await api.UploadAsync("other-handlers", GuestUpload.Guest("handlers"), $$"""{"manifest":1,"name":"x","handlers":[{{handler}}]}""");

        await ProblemAssert.IsAsync(upload, 422, "manifest-mismatch");
    }
}
