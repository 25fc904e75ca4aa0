using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>
/// Knows callers by the bearer tokens of an OpenID Connect issuer. ASP.NET Core's own handler checks them; what it found is remembered for a minute, because a
/// signature costs more than a call.
/// </summary>
internal sealed class OidcTokens(OidcSettings settings, IServiceProvider services, IOptionsMonitor<JwtBearerOptions> options, TimeProvider clock)
{
    private const string Scheme = "Bearer ";
    private const int MaximumLength = 16 * 1024;
    private const int MaximumRemembered = 10_000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<UInt128, (Caller Caller, DateTimeOffset Until)> _known = new();
    private long _silentUntil;

    public static void AddTo(IServiceCollection services, OidcSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<OidcTokens>();

        if (!settings.IsEnabled)
            return;

        services.AddAuthentication().AddJwtBearer(bearer =>
        {
            bearer.Authority = settings.Authority;
            bearer.MetadataAddress = settings.Metadata;
            bearer.Audience = settings.Audience;
            bearer.MapInboundClaims = false;

            // What is not https is on this machine: the settings see to that.
            bearer.RequireHttpsMetadata = settings.Metadata.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            bearer.BackchannelTimeout = TimeSpan.FromSeconds(10);
            bearer.TokenValidationParameters = new TokenValidationParameters
            {
                ValidateIssuer = true,
                ValidateAudience = true,
                ValidAudience = settings.Audience,
                ValidateLifetime = true,
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromSeconds(30),

                // Only signatures whose keys are pairs: a public key must not be taken for a secret.
                ValidAlgorithms =
                [
                    SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
                    SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
                    SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
                ],
            };
        });
    }

    /// <summary>Whether the request has what may be a token: the base64 of <c>{"</c> begins it.</summary>
    public bool IsToken(StringValues authorization) => settings.IsEnabled
        && authorization is [{ Length: < MaximumLength } single]
        && single.AsSpan().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && single.AsSpan(Scheme.Length).TrimStart(' ').StartsWith("ey", StringComparison.Ordinal);

    /// <returns>The caller, or null where the token is none of the issuer's for this server.</returns>
    /// <exception cref="InvalidOperationException">The issuer's keys cannot be had.</exception>
    public async Task<Caller?> FindAsync(HttpContext context)
    {
        var digest = Digest(context.Request.Headers.Authorization.ToString());
        var now = clock.GetUtcNow();

        if (_known.TryGetValue(digest, out var known) && now < known.Until)
            return known.Caller;

        await CheckIssuerAsync(now, context.RequestAborted);
        var result = await AuthenticateAsync(context);

        if (!result.Succeeded || ToCaller(result.Principal) is not { } caller)
            return null;

        // Rather none than those of somebody who makes tokens faster than they end.
        if (_known.Count >= MaximumRemembered)
            _known.Clear();

        var until = now + Longest;
        _known[digest] = (caller, result.Properties.ExpiresUtc < until ? result.Properties.ExpiresUtc.Value : until);
        return caller;
    }

    private static UInt128 Digest(string authorization)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        CredentialDigest.Of(authorization, digest);
        return BitConverter.ToUInt128(digest);
    }

    /// <summary>The handler calls a token wrong that it has no keys for. Where there are none because the issuer is silent, it is asked again after a while.</summary>
    private async Task CheckIssuerAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (now.UtcTicks < Interlocked.Read(ref _silentUntil))
            throw new InvalidOperationException("It did not answer a moment ago.");

        try
        {
            await options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(cancellation);
        }
        catch (InvalidOperationException)
        {
            Interlocked.Exchange(ref _silentUntil, (now + Pause).UtcTicks);
            throw;
        }
    }

    private async Task<AuthenticateResult> AuthenticateAsync(HttpContext context)
    {
        // The handlers belong to one request, and the request's services live as long as the server.
        var outer = context.RequestServices;
        await using var scope = services.CreateAsyncScope();

        try
        {
            context.RequestServices = scope.ServiceProvider;
            return await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        }
        finally
        {
            context.RequestServices = outer;
        }
    }

    private Caller? ToCaller(ClaimsPrincipal principal)
    {
        var subject = principal.FindFirstValue(Caller.SubjectClaim);
        var scopes = Scope.None;
        string? plugin = null;

        foreach (var name in principal.FindAll(settings.ScopeClaim).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Scopes.TryParse(name, out var scope))
                scopes |= scope;
        }

        if (settings.PluginClaim is { } claimed)
        {
            // Of two plugins it would be left open which one counts.
            if (principal.FindAll(claimed).Select(claim => claim.Value).ToList() is { Count: > 0 } plugins)
            {
                if (plugins is not [{ Length: > 0 } one])
                    return null;

                plugin = one;
            }
        }

        return string.IsNullOrEmpty(subject)
            ? null
            : Caller.Of(subject, principal.FindFirstValue("name") ?? principal.FindFirstValue("preferred_username") ?? subject, scopes, plugin, "oidc");
    }
}
