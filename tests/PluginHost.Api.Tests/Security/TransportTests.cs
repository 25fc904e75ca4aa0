using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PluginHost.Api.Probes;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins;

namespace PluginHost.Api.Tests.Security;

/// <summary>The server's connections: TLS, headers, and clients that take their time.</summary>
public sealed class TransportTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pem")]
    [InlineData("pfx")]
    public async Task Https_CertificateOfTheConfiguration_IsShownAndSpeaksHttp2(string form)
    {
        using var certificate = Certificate();
        var address = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{LoopbackPort.Free()}");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == certificate.GetCertHashString(HashAlgorithmName.SHA256);
        using var client = new HttpClient(handler) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };

        // As in a container, where others reach it.
        using var server = ServerProcess.Start(
            ["--PluginHost:DataDirectory", _folder.Path, "--PluginHost:ApiKey", "a key", "--Kestrel:Endpoints:Https:Url", address, .. Settings(certificate, form)],
            ("DOTNET_RUNNING_IN_CONTAINER", "true"));
        await server.WaitUntilReadyAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = new("Bearer", "a key");
        using var answer = await client.SendAsync(request);
        using var errors = new StringWriter();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.True(await HealthCheckCommand.RunAsync([address], errors) == 0, errors.ToString());
    }

    [Fact]
    public async Task Https_CertificateThatIsNotThere_IsOneLineAndAnExitCode()
    {
        using var server = ServerProcess.Start(
            ["--PluginHost:DataDirectory", _folder.Path, "--Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0", "--Kestrel:Endpoints:Https:Certificate:Path", Path.Combine(_folder.Path, "none.pem")]);

        var (code, _, errors) = await server.ExitAsync();

        Assert.Equal((int)StartFailure.Certificate, code);
        Assert.Contains("none.pem", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_OfTheApiAndOfSwagger_SayWhatBrowsersMayDo()
    {
        using var api = new ApiFixture();
        using var data = await api.Client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        using var page = await api.Client.GetAsync(new Uri("/swagger/index.html", UriKind.Relative));
        using var nothing = await api.Client.GetAsync(new Uri("/nothing", UriKind.Relative));

        foreach (var answer in (HttpResponseMessage[])[data, page, nothing])
        {
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
            Assert.False(answer.Headers.Contains("Server"));
        }

        Assert.StartsWith("default-src 'none'; frame-ancestors", Assert.Single(data.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);

        // The policy forbids scripts in the page itself: there must be none.
        Assert.DoesNotContain("<script>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too many headers", 431)]
    [InlineData("huge header", 431)]
    [InlineData("long line", 414)]
    [InlineData("two lengths", 400)]
    [InlineData("no host", 400)]
    [InlineData("two hosts", 400)]
    [InlineData("folded", 400)]
    public async Task Head_ThatNoServerShouldRead_IsRefused(string what, int status)
    {
        using var api = new ApiFixture();
        var head = what switch
        {
            "too many headers" => $"GET /v1/plugins HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: 1\r\n"))}\r\n",
            "huge header" => $"GET /v1/plugins HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {new string('k', 64 * 1024)}\r\n\r\n",
            "long line" => $"GET /v1/plugins?{new string('q', 64 * 1024)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "two lengths" => "POST /v1/plugins/a/exports/b/invoke HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
            "no host" => "GET /v1/plugins HTTP/1.1\r\n\r\n",
            "two hosts" => "GET /v1/plugins HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
            _ => "GET /v1/plugins HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer\r\n a\r\n\r\n",
        };

        var answer = await SendAsync(api, head);

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Bearer a key\r\nAuthorization: Bearer other", 401)]
    [InlineData("Authorization: Bearer other\r\nAuthorization: Bearer a key", 401)]
    [InlineData("Authorization: Bearer a key\r\nauthorization: Bearer a key", 401)]
    [InlineData("Authorization:Bearer a key", 200)]
    [InlineData("AUTHORIZATION: bearer a key", 200)]
    [InlineData("Authorization : Bearer a key", 400)]
    [InlineData("Authorization: Bearer a\0key", 400)]
    [InlineData("Authorization: Bearer\ta key", 401)]
    [InlineData("X-Authorization: Bearer a key", 401)]
    [InlineData("Cookie: Authorization=Bearer a key", 401)]
    [InlineData("Authorization: Basic YTprZXk=", 401)]
    [InlineData("Authorization: ", 401)]
    public async Task Credentials_InAnyOtherForm_AreNone(string header, int status)
    {
        using var api = ApiFixture.With(("PluginHost:ApiKey", "a key"));

        var answer = await SendAsync(api, $"GET /v1/plugins?key=a%20key HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n");

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_ThatNeverEnds_IsCutOff()
    {
        using var api = ApiFixture.With(("PluginHost:Limits:HeaderTimeoutMilliseconds", "500"));

        var answer = await SendAsync(api, "GET /v1/plugins HTTP/1.1\r\nHost: loc");

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
    }

    /// <summary>A body with both lengths: what a proxy before the server takes for the end of the request must not be another one's beginning.</summary>
    [Fact]
    public async Task Body_ChunkedWithALength_IsNotTheNextRequestsBeginning()
    {
        using var api = ApiFixture.With(("PluginHost:ApiKey", "a key"));

        var answer = await SendAsync(
            api,
            "POST /v1/plugins/a/exports/b/invoke HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.DoesNotContain("\"live\"", answer, StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(ApiFixture api, string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();

        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            var answer = new byte[4_096];
            var read = await stream.ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            return Encoding.ASCII.GetString(answer, 0, read);
        }
        catch (IOException)
        {
            // The server has closed the connection while the head was still coming.
            return "";
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=plugins.example", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private string[] Settings(X509Certificate2 certificate, string form)
    {
        const string Prefix = "--Kestrel:Endpoints:Https:Certificate:";
        var (file, keyFile) = (Path.Combine(_folder.Path, "certificate"), Path.Combine(_folder.Path, "key"));

        if (form == "pfx")
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, "secret"));
            return [Prefix + "Path", file, Prefix + "Password", "secret"];
        }

        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return [Prefix + "Path", file, Prefix + "KeyPath", keyFile];
    }
}
