using System.Net;
using System.Net.Sockets;
using System.Text;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class UploadTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wasm\"\r\n\r\n";

    [Theory]
    [InlineData("multipart/form-data; boundary=x", Head + "\0asm\x01\0\0\0")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"")]
    [InlineData("multipart/form-data; boundary=x", "no form at all")]
    [InlineData("multipart/form-data; boundary=x", "")]
    [InlineData("multipart/form-data; boundary=x", "--x--\r\n")]
    [InlineData("multipart/form-data", Head)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"manifest\"\r\n\r\n{}\r\n--x--\r\n")]
    public async Task Upload_BrokenForm_IsMalformed(string type, string form)
    {
        foreach (var address in (string[])["/v1/plugins/broken/versions", "/v1/plugins/validate"])
        {
            using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(form));
            content.Headers.TryAddWithoutValidation("Content-Type", type);

            using var answer = await api.Client.PostAsync(new Uri(address, UriKind.Relative), content);

            await ProblemAssert.IsAsync(answer, 400, "malformed-form");
        }

        Assert.Equal(0, api.UnfinishedUploads);
    }

    [Fact]
    public async Task Upload_FormWithTheFileAlone_MakesAVersionWithoutManifest()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Repository.Sample("calc")), "file", "calc.wasm" } };

        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/alone/versions", UriKind.Relative), form);
        using var call = await api.InvokeAsync("alone", "add", """{"args":[1,2]}""");
        using var manifest = await api.Client.GetAsync(new Uri("/v1/plugins/alone/versions/1/manifest", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"results":[3]}""", await call.Content.ReadAsStringAsync());
        await ProblemAssert.IsAsync(manifest, 404, "manifest-not-found");
    }

    [Fact]
    public async Task Upload_GigabyteInChunks_IsCutOffAtTheLimit()
    {
        using var client = new RawClient(api.Client.BaseAddress!);

        var status = await client.SendChunksAsync("/v1/plugins/huge/versions", "application/wasm", 1L << 30);

        Assert.Equal("HTTP/1.1 413 Payload Too Large", status);
        Assert.InRange(client.Sent, 1, 512L << 20);
        Assert.Equal(0, api.UnfinishedUploads);
    }

    [Fact]
    public async Task Upload_EndlessPartBeforeTheFile_IsCutOff()
    {
        using var own = ApiFixture.With(("PluginHost:Limits:MaximumModuleBytes", "100000"));
        using var client = new RawClient(own.Client.BaseAddress!);

        var status = await client.SendChunksAsync("/v1/plugins/huge/versions", "multipart/form-data; boundary=x", 1L << 30, "--x\r\nContent-Disposition: form-data; name=\"manifest\"\r\n\r\n");

        Assert.Equal("HTTP/1.1 413 Payload Too Large", status);
    }

    [Fact]
    public async Task Upload_ClientHangsUpInTheMiddle_LeavesNoFileAndNoPlugin()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
            var head = "POST /v1/plugins/half/versions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/wasm\r\nContent-Length: 1000000\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            await client.GetStream().WriteAsync(Repository.Sample("calc").AsMemory(0, 500_000));
            await WaitAsync(() => api.UnfinishedUploads > 0);
        }

        await WaitAsync(() => api.UnfinishedUploads == 0);
        using var plugin = await api.Client.GetAsync(new Uri("/v1/plugins/half", UriKind.Relative));

        await ProblemAssert.IsAsync(plugin, 404, "plugin-not-found");
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        while (!condition())
            await Task.Delay(10, patience.Token);
    }
}
