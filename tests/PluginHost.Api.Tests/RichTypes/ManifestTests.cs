using System.Net;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.RichTypes;

public sealed class ManifestTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_WithAManifestOnEitherSideOfTheFile_ShowsWhatItDeclares(bool manifestFirst)
    {
        var plugin = manifestFirst ? "declared-before" : "declared-behind";
        using var upload = await api.UploadAsync(plugin, GuestUpload.Guest("bytes"), GuestUpload.BytesManifest, manifestFirst);

        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        var exports = (await api.JsonAsync($"/v1/plugins/{plugin}/exports")).GetProperty("items").EnumerateArray().ToList();
        var length = exports.Single(export => export.GetProperty("name").GetString() == "length");
        Assert.Equal("""["i32","i32"]""", length.GetProperty("parameters").GetRawText());
        Assert.Equal("export", length.GetProperty("kind").GetString());
        Assert.Equal("length counts bytes.", length.GetProperty("doc").GetString());
        Assert.Equal("""{"parameters":[{"name":"text","type":"string"}],"result":{"type":"i32"}}""", length.GetProperty("declared").GetRawText());
        Assert.DoesNotContain(exports, export => export.GetProperty("name").GetString()!.StartsWith("pluginhost_", StringComparison.Ordinal));
        Assert.Equal(GuestUpload.BytesManifest, await api.Client.GetStringAsync(new Uri($"/v1/plugins/{plugin}/versions/live/manifest", UriKind.Relative)));
    }

    [Fact]
    public async Task Upload_TheSameBytesWithAnotherManifest_IsAnotherVersion()
    {
        var module = Repository.Sample("calc");
        using var without = await api.UploadAsync("versions", module);
        using var first = await api.UploadAsync("versions", module, """{"manifest":1,"name":"one"}""");
        using var second = await api.UploadAsync("versions", module, """{"manifest":1,"name":"two"}""");
        using var again = await api.UploadAsync("versions", module, """{"manifest":1,"name":"one"}""");
        using var missing = await api.Client.GetAsync(new Uri("/v1/plugins/versions/versions/1/manifest", UriKind.Relative));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created], [without.StatusCode, first.StatusCode, second.StatusCode]);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("/v1/plugins/versions/versions/2", again.Headers.Location!.ToString());
        await ProblemAssert.IsAsync(missing, 404, "manifest-not-found");
        using var deletion = await api.Client.DeleteAsync(new Uri("/v1/plugins/versions/versions/2", UriKind.Relative));
        Assert.Equal(3, (await api.ResultAsync("versions", "add", "[1,2]")).GetInt32());
    }

    [Theory]
    [InlineData("""{"name":"add","parameters":[{"name":"a","type":"i32"},{"name":"b","type":"i64"}],"result":{"type":"i32"}}""", "'b' of the export 'add' is declared i64, which is i64")]
    [InlineData("""{"name":"add","parameters":[{"name":"a","type":"i32"}],"result":{"type":"i32"}}""", "(i32, i32) -> (i32)")]
    [InlineData("""{"name":"add","parameters":[{"name":"a","type":"string"},{"name":"b","type":"i32"}],"result":{"type":"i32"}}""", "nothing there")]
    [InlineData("""{"name":"add","parameters":[{"name":"a","type":"string"}],"result":{"type":"string"}}""", "The result of the export 'add' is declared string, which is i64")]
    [InlineData("""{"name":"add","parameters":[{"name":"a","type":"u32"},{"name":"b","type":"bool"}]}""", "not declared")]
    [InlineData("""{"name":"ad"}""", "has none of that name")]
    public async Task Upload_AManifestOfAnotherModule_SaysWhatDiffers(string export, string detail)
    {
        using var upload = await api.UploadAsync("mismatch", Repository.Sample("calc"), $$"""{"manifest":1,"name":"calc","exports":[{{export}}]}""");

        var problem = await ProblemAssert.IsAsync(upload, 422, "manifest-mismatch");

        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var plugin = await api.Client.GetAsync(new Uri("/v1/plugins/mismatch", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, plugin.StatusCode);
    }

    [Fact]
    public async Task Validate_AManifestOfAnotherModule_ReportsIt()
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(Repository.Sample("calc")), "file", "calc.wasm");
        form.Add(new StringContent("""{"manifest":1,"name":"x","handlers":[{"name":"h","input":{"type":"json"},"output":{"type":"json"}}]}"""), "manifest");

        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/validate", UriKind.Relative), form);

        using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.False(report.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal("manifest-mismatch", report.RootElement.GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Upload_TwoManifests_IsRefused()
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("""{"manifest":1,"name":"x"}"""), "manifest");
        form.Add(new ByteArrayContent(Repository.Sample("calc")), "file", "calc.wasm");
        form.Add(new StringContent("""{"manifest":1,"name":"x"}"""), "manifest");

        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/twice/versions", UriKind.Relative), form);

        await ProblemAssert.IsAsync(answer, 400, "malformed-form");
    }

    [Theory]
    [InlineData("not", """[true]""", "false")]
    [InlineData("not", """{"b":false}""", "true")]
    [InlineData("same32", "[4294967295]", "4294967295")]
    [InlineData("same64", "[18446744073709551615]", "\"18446744073709551615\"")]
    [InlineData("subtract", """{"subtrahend":3,"minuend":10}""", "7")]
    [InlineData("subtract", "[10,3]", "7")]
    public async Task Invoke_DeclaredScalars_AreSeenAsDeclared(string export, string arguments, string expected)
    {
        using var upload = await api.UploadAsync("views", GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);

        Assert.Equal(expected, (await api.ResultAsync("views", export, arguments)).GetRawText());
    }

    [Theory]
    [InlineData("not", "[1]", "argument-type", "/args/0")]
    [InlineData("same32", "[-1]", "argument-out-of-range", "/args/0")]
    [InlineData("same32", """["\u002d1"]""", "argument-out-of-range", "/args/0")]
    [InlineData("same64", """{"n":-1}""", "argument-out-of-range", "/args/n")]
    [InlineData("subtract", """{"minuend":1}""", "wrong-arity", "/args")]
    [InlineData("subtract", """{"minuend":1,"minuend":1,"subtrahend":1}""", "unknown-argument", "/args/minuend")]
    [InlineData("subtract", """{"minuend":1,"subtrahend":1,"other":1}""", "unknown-argument", "/args")]
    [InlineData("length", "[1]", "argument-type", "/args/0")]
    [InlineData("length", """["\ud800"]""", "malformed-json", null)]
    [InlineData("upper", """["*"]""", "argument-type", "/args/0")]
    [InlineData("join", """["a","YQ==",1]""", "wrong-arity", "/args")]
    public async Task Invoke_WrongDeclaredArguments_NamesThem(string export, string arguments, string code, string? pointer)
    {
        using var upload = await api.UploadAsync("wrong-views", GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);

        using var answer = await api.InvokeAsync("wrong-views", export, $"{{\"args\":{arguments}}}");

        var problem = await ProblemAssert.IsAsync(answer, 400, code);
        Assert.Equal(pointer, problem.TryGetProperty("pointer", out var place) ? place.GetString() : null);
    }
}
