using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.HostFunctions;

public sealed class GrantTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Upload_WithoutGrants_NamesTheFunctionsAndTheConfigurationThatWorks()
    {
        var guest = new HostGuest(api, "ungranted");
        await guest.ConfigureAsync(""","config":{"a":"1"},"secrets":{"token":"hidden"}""", "\"log\":false");

        using var refused = await api.UploadAsync(guest.Name, HostGuest.Module);
        var problem = await ProblemAssert.IsAsync(refused, 422, "missing-grant");

        string[] functions = [.. problem.GetProperty("functions").EnumerateArray().Select(function => function.GetString()!)];
        Assert.Equal(
            ["pluginhost.call", "pluginhost.http_send", "pluginhost.kv_cas", "pluginhost.kv_delete", "pluginhost.kv_get", "pluginhost.kv_list", "pluginhost.kv_set", "pluginhost.log"],
            functions);
        Assert.Contains("PUT /v1/plugins/ungranted", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var put = await guest.PutAsync(problem.GetProperty("configuration").GetRawText());
        using var upload = await api.UploadAsync(guest.Name, HostGuest.Module);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);

        await guest.CallAsync("show");
        Assert.Contains("secret: hidden", await guest.PrintedAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Validate_WithoutGrants_SaysSo()
    {
        using var content = new ByteArrayContent(HostGuest.Module);
        content.Headers.ContentType = new("application/wasm");

        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/validate", UriKind.Relative), content);

        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("missing-grant", report.GetProperty("problem").GetProperty("code").GetString());
        Assert.Contains("PUT /v1/plugins/{plugin}", report.GetProperty("problem").GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_FunctionOfAnotherType_ShowsBothSignatures()
    {
        var module = new ModuleBuilder().Import("pluginhost", "clock_now", [ModuleBuilder.I32], [ModuleBuilder.I32]).Function("f", [], []).ToArray();

        using var refused = await api.UploadAsync("mistyped", module);

        var problem = await ProblemAssert.IsAsync(refused, 422, "unsupported-import");
        var detail = problem.GetProperty("detail").GetString();
        Assert.Contains("pluginhost.clock_now is declared as func (i32) -> (i32) and offered as func () -> (i64)", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_FunctionThatIsNot_IsRefused()
    {
        var module = new ModuleBuilder().Import("pluginhost", "format_disk", [], []).Function("f", [], []).ToArray();

        using var refused = await api.UploadAsync("unknown", module);

        await ProblemAssert.IsAsync(refused, 422, "unsupported-import");
    }

    [Fact]
    public async Task Call_AfterTheGrantWasTakenAway_IsDenied()
    {
        var guest = await HostGuest.StartAsync(api);
        Assert.True(await guest.CallAsync("set", 1, 1) > 0);

        await guest.ConfigureAsync(grants: "\"clock\":false,\"log\":false,\"invocation\":false,\"config\":false");

        Assert.Equal(-4, await guest.CallAsync("set", 2, 1));
        Assert.Equal(-4, await guest.CallAsync("get", 1));
        Assert.Equal(-4, await guest.CallAsync("now"));
        Assert.Equal(-4, await guest.CallAsync("callOther"));
        Assert.Equal(-4, await guest.CallAsync("fetch", 0));
        await guest.CallAsync("note");
        Assert.DoesNotContain(await guest.LogAsync(), line => line.GetProperty("stream").GetString() == "log");
    }

    [Theory]
    [InlineData("""{"grants":{"unknown":true}}""", "malformed-json")]
    [InlineData("""{"grants":{"http":{}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":[]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":[null]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["*"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["UPPER.example"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example/path"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["user@a.example"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.*.example"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example"],"methods":["CONNECT"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example"],"methods":[]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example"],"schemes":["ftp"]}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example"],"responseBytes":999999999}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example"],"timeoutMilliseconds":0}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"http":{"hosts":["a.example"],"retries":6}}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"call":["Not A Name"]}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"call":[null]}}""", "invalid-configuration")]
    [InlineData("""{"grants":{"modules":["acme"]}}""", "invalid-configuration")]
    [InlineData("""{"config":{"":"a"}}""", "invalid-configuration")]
    [InlineData("""{"config":{"a":null}}""", "invalid-configuration")]
    [InlineData("""{"secrets":{"a":null}}""", "invalid-configuration")]
    public async Task Put_WrongGrants_AreRefused(string configuration, string code)
    {
        using var put = await new HostGuest(api, "wrong-grants").PutAsync(configuration);

        await ProblemAssert.IsAsync(put, 400, code);
    }

    [Fact]
    public async Task Secrets_EveryAnswer_HidesThem()
    {
        var guest = new HostGuest(api, "secretive");
        var put = await guest.ConfigureAsync(""","secrets":{"token":"s3cret-value"}""");
        var got = await api.Client.GetStringAsync(new Uri("/v1/plugins/secretive", UriKind.Relative));
        var list = await api.Client.GetStringAsync(new Uri("/v1/plugins?pageSize=1000", UriKind.Relative));

        foreach (var text in (string[])[put, got, list])
        {
            Assert.DoesNotContain("s3cret-value", text, StringComparison.Ordinal);
            Assert.Contains("\"secrets\":{\"token\":null}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Secrets_PutAsTheyWereShown_AreKeptAndOthersGo()
    {
        var guest = await HostGuest.StartAsync(api, ""","secrets":{"token":"one","other":"two"}""");
        using var configuration = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri($"/v1/plugins/{guest.Name}", UriKind.Relative)));

        using var put = await guest.PutAsync(configuration.RootElement.GetProperty("configuration").GetRawText().Replace(""","other":null""", "", StringComparison.Ordinal));
        await guest.CallAsync("show");

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Contains("secret: one", await guest.PrintedAsync(), StringComparer.Ordinal);
        using var gone = await guest.PutAsync("""{"secrets":{"other":null}}""");
        await ProblemAssert.IsAsync(gone, 400, "invalid-configuration");
    }
}
