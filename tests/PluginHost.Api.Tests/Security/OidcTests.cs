using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using PluginHost.Api.Security;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.Tests.Security;

/// <summary>Bearer tokens of an issuer that runs beside the server.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private TokenIssuer _issuer = null!;
    private ApiFixture _api = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TokenIssuer.StartAsync();
        _api = ApiFixture.With(
            ("PluginHost:Oidc:Authority", _issuer.Url), ("PluginHost:Oidc:Audience", TokenIssuer.Audience), ("PluginHost:Oidc:PluginClaim", "pluginhost_plugin"));
    }

    public async Task DisposeAsync()
    {
        _api.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Token_OfTheIssuer_IsLetInByItsScopes()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token("openid read email")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token("deploy", _issuer.Ecdsa)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token("", change: claims => claims["scope"] = new[] { "invoke", "read" })));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token("admin", change: claims => claims["aud"] = new[] { "other", TokenIssuer.Audience })));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_issuer.Token("invoke")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_issuer.Token("")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_issuer.Token("READ readx read,invoke")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));
    }

    [Fact]
    public async Task Token_SentAgain_IsTheSameCallerWithoutAnotherCheck()
    {
        var token = _issuer.Token("read");

        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));

        Assert.Equal(1, _issuer.Fetched);
    }

    [Fact]
    public async Task Token_ThatIsNotTheIssuersForThisServer_IsNobody()
    {
        using var otherRsa = RSA.Create(2048);
        var past = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
        var future = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var right = _issuer.Token("admin");
        var parts = right.Split('.');

        (string Name, string Token)[] tokens =
        [
            ("another audience", _issuer.Token("admin", change: claims => claims["aud"] = "other")),
            ("no audience", _issuer.Token("admin", change: claims => claims.Remove("aud"))),
            ("another issuer", _issuer.Token("admin", change: claims => claims["iss"] = "https://elsewhere.example")),
            ("expired", _issuer.Token("admin", change: claims => (claims["nbf"], claims["exp"]) = (past - 60, past))),
            ("no expiry", _issuer.Token("admin", change: claims => claims.Remove("exp"))),
            ("not yet", _issuer.Token("admin", change: claims => (claims["nbf"], claims["exp"]) = (future, future + 60))),
            ("another key of the same name", _issuer.Token("admin", new SigningCredentials(new RsaSecurityKey(otherRsa) { KeyId = "rsa" }, SecurityAlgorithms.RsaSha256))),
            ("another key", _issuer.Token("admin", new SigningCredentials(new RsaSecurityKey(otherRsa) { KeyId = "mine" }, SecurityAlgorithms.RsaSha256))),
            ("the public key as a secret", _issuer.Token("admin", _issuer.PublicKeyAsSecret)),
            ("the public key's text as a secret", _issuer.Token("admin", _issuer.PublicKeyTextAsSecret)),
            ("alg none", _issuer.Unsigned("none")),
            ("alg None", _issuer.Unsigned("None")),
            ("alg HS256 without a signature", _issuer.Unsigned("HS256")),
            ("alg RS256 without a signature", _issuer.Unsigned("RS256")),
            ("no subject", _issuer.Token("admin", change: claims => claims.Remove("sub"))),
            ("two plugins", _issuer.Token("admin", change: claims => claims["pluginhost_plugin"] = new[] { "calc", "other" })),
            ("an empty plugin", _issuer.Token("admin", change: claims => claims["pluginhost_plugin"] = "")),
            ("another payload", $"{parts[0]}.{_issuer.Token("admin", change: claims => claims["sub"] = "root").Split('.')[1]}.{parts[2]}"),
            ("cut short", right[..^10]),
            ("five parts", $"{right}.a.b"),
            ("no base64", "ey.ey.ey"),
            ("nothing", "ey"),
            ("huge", "ey" + new string('a', 15_000)),
        ];

        foreach (var (name, token) in tokens)
        {
            var status = await StatusAsync(token);
            Assert.True(status == HttpStatusCode.Unauthorized, $"{name}: {status}");
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(right));
    }

    [Fact]
    public async Task Token_ForOnePlugin_ReachesNoOther()
    {
        var token = _issuer.Token("deploy", change: claims => claims["pluginhost_plugin"] = "calc");
        using var own = await SendAsync(HttpMethod.Put, "/v1/plugins/calc", token);
        using var other = await SendAsync(HttpMethod.Put, "/v1/plugins/other", token);

        Assert.Equal(HttpStatusCode.Created, own.StatusCode);
        await ProblemAssert.IsAsync(other, 403, "forbidden");
        var entries = _api.Services.GetRequiredService<AuditLog>().Read(10, null).Value!.Items;
        Assert.All(entries, entry => Assert.Equal("oidc:somebody", entry.Caller));
        Assert.Equal(["forbidden", "done"], entries.Select(entry => entry.Result));
    }

    [Fact]
    public async Task Token_IssuerDoesNotAnswer_IsAProblemThatPassesAndKeysGoOn()
    {
        var token = _issuer.Token("read");
        using var api = ApiFixture.With(
            ("PluginHost:ApiKey", "a key"), ("PluginHost:Oidc:MetadataAddress", $"http://127.0.0.1:{LoopbackPort.Free()}/none"), ("PluginHost:Oidc:Audience", TokenIssuer.Audience));
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await api.Client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", "a key");
        using var key = await api.Client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));

        await ProblemAssert.IsAsync(answer, 503, "issuer-unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, key.StatusCode);
    }

    [Theory]
    [InlineData("https://issuer.example", null, null, "Audience")]
    [InlineData("http://issuer.example", null, "pluginhost", "https")]
    [InlineData(null, "ftp://issuer.example/document", "pluginhost", "https")]
    [InlineData("http://127.0.0.1.example", null, "pluginhost", "https")]
    public void Settings_ThatWouldTrustTooMany_AreRefused(string? authority, string? metadata, string? audience, string reason)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PluginHost:Oidc:Authority"] = authority,
                ["PluginHost:Oidc:MetadataAddress"] = metadata,
                ["PluginHost:Oidc:Audience"] = audience,
            })
            .Build();

        Assert.Contains(reason, Assert.Throws<PluginHostStartException>(() => OidcSettings.Of(configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_WithAnIssuer_DeclaresItsScheme()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/openapi/v1.json", _issuer.Token("read"));
        using var document = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("openIdConnect", document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("oidc").GetProperty("type").GetString());
        Assert.Equal("read", document.RootElement.GetProperty("paths").GetProperty("/v1/plugins").GetProperty("get").GetProperty("security")[1].GetProperty("oidc")[0].GetString());
    }

    private async Task<HttpStatusCode> StatusAsync(string? token)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/v1/plugins", token);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));

        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        if (method == HttpMethod.Put)
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        return await _api.Client.SendAsync(request);
    }
}
