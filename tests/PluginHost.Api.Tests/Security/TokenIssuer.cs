using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PluginHost.Api.Tests.Security;

/// <summary>An OpenID Connect issuer: a discovery document, its public keys, and tokens signed with the private ones.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "pluginhost";

    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TokenIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Url, jwks_uri = $"{Url}/keys" }));
        _app.MapGet("/keys", () =>
        {
            Fetched++;
            var (rsa, ecdsa) = (_rsa.ExportParameters(false), _ecdsa.ExportParameters(false));
            object[] keys =
            [
                new { kty = "RSA", use = "sig", kid = "rsa", n = Base64UrlEncoder.Encode(rsa.Modulus), e = Base64UrlEncoder.Encode(rsa.Exponent) },
                new { kty = "EC", use = "sig", kid = "ec", crv = "P-256", x = Base64UrlEncoder.Encode(ecdsa.Q.X), y = Base64UrlEncoder.Encode(ecdsa.Q.Y) },
            ];
            return Results.Json(new { keys });
        });
    }

    public string Url => _app.Urls.First();

    /// <summary>How often the keys were asked for.</summary>
    public int Fetched { get; private set; }

    public SigningCredentials Rsa => new(new RsaSecurityKey(_rsa) { KeyId = "rsa" }, SecurityAlgorithms.RsaSha256);

    public SigningCredentials Ecdsa => new(new ECDsaSecurityKey(_ecdsa) { KeyId = "ec" }, SecurityAlgorithms.EcdsaSha256);

    /// <summary>The public key, as who confuses algorithms would use it: as a secret.</summary>
    public SigningCredentials PublicKeyAsSecret => new(new SymmetricSecurityKey(_rsa.ExportSubjectPublicKeyInfo()) { KeyId = "rsa" }, SecurityAlgorithms.HmacSha256);

    /// <summary>As <see cref="PublicKeyAsSecret"/>, with the key's text as it stands in files.</summary>
    public SigningCredentials PublicKeyTextAsSecret =>
        new(new SymmetricSecurityKey(System.Text.Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = "rsa" }, SecurityAlgorithms.HmacSha256);

    public static async Task<TokenIssuer> StartAsync()
    {
        var issuer = new TokenIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>A token that is right unless its caller changes it.</summary>
    public string Token(string scope, SigningCredentials? credentials = null, Action<Dictionary<string, object>>? change = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = Url,
            ["aud"] = Audience,
            ["sub"] = "somebody",
            ["scope"] = scope,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
        };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(claims), credentials ?? Rsa);
    }

    /// <summary>A token that says that it needs no signature.</summary>
    public string Unsigned(string algorithm)
    {
        var payload = Token("admin").Split('.')[1];
        return string.Create(CultureInfo.InvariantCulture, $"{Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{payload}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
        _ecdsa.Dispose();
    }
}
