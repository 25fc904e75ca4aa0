using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PluginHost.Api.Problems;
using PluginHost.Api.WebConsole;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.Security;

/// <summary>
/// Lets a request through to its endpoint when the caller has the scope that the endpoint asks for. What asks for none is denied to everybody, so that nothing
/// is open because somebody forgot to close it.
/// </summary>
/// <remarks>
/// ASP.NET Core's own authorization would say the same of the same metadata, and allocate more for each request than a whole invocation does.
/// </remarks>
internal sealed partial class AccessMiddleware(RequestDelegate next, ILogger<AccessMiddleware> logger, CallerDirectory callers, OidcTokens tokens, CallerRates rates, AccessSettings settings, AuditLog audit, ConsoleCookie cookies)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = PagePolicies.Data;

        // On this machine other servers have the same name.
        if (context.Request.IsHttps && !settings.IsLocal)
            headers.StrictTransportSecurity = PagePolicies.StrictTransport;

        var endpoint = context.GetEndpoint();
        var required = endpoint?.Metadata.GetMetadata<RequiredScope>();

        if (required is null && endpoint?.Metadata.GetMetadata<ConsolePage>() is { } page)
            return ConsoleAsync(context, page);

        if (required is null && endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return next(context);

        if (tokens.IsToken(context.Request.Headers.Authorization))
            return TokenAsync(context, endpoint, required);

        var refusal = Authenticate(context, out var caller);
        return GoOn(context, endpoint, required, caller, refusal);
    }

    /// <summary>
    /// Pages know their caller by a cookie, which no other address reads: a page of another site can have a browser send it nowhere else. What the caller may do is
    /// decided for each thing that the pages do.
    /// </summary>
    private Task ConsoleAsync(HttpContext context, ConsolePage page)
    {
        context.Response.Headers.ContentSecurityPolicy = PagePolicies.Console;
        context.Response.Headers.CacheControl = "no-store";

        // Else browsers would not say where the console's own forms come from.
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        var caller = cookies.Find(context.Request);

        if (TooOften(context, caller) is { } tooOften)
            return tooOften.ExecuteAsync(context);

        if (caller is null && callers.Anonymous is { } anonymous)
        {
            if (ForeignPage(context.Request) is { } foreign)
                return foreign.ExecuteAsync(context);

            caller = anonymous;
        }

        if (caller is not null)
            context.User = caller;
        else if (!page.IsOpen)
            return ConsoleCookie.AskAsync(context, page);

        return next(context);
    }

    private async Task TokenAsync(HttpContext context, Endpoint? endpoint, RequiredScope? required)
    {
        Caller? caller = null;
        ProblemResult? refusal = null;

        try
        {
            caller = callers.Find(context.Request.Headers.Authorization.ToString()) ?? await tokens.FindAsync(context);
            refusal = caller is null ? Unknown(context) : null;
        }
        catch (InvalidOperationException exception)
        {
            LogNoIssuer(exception.Message);
            refusal = new ProblemResult(
                Contracts.Problem.Of(503, "issuer-unavailable", "Issuer unavailable", "The token cannot be checked now: its issuer does not answer. Keys of this server's work."),
                TimeSpan.FromSeconds(10));
        }

        await GoOn(context, endpoint, required, caller, refusal);
    }

    private Task GoOn(HttpContext context, Endpoint? endpoint, RequiredScope? required, Caller? caller, ProblemResult? refusal)
    {
        refusal = TooOften(context, caller) ?? refusal ?? Authorize(context, endpoint, required, caller!);

        if (refusal is null)
            context.User = caller!;

        if (required is { IsChange: true } && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && endpoint is RouteEndpoint route)
            return ChangeAsync(context, route, caller, refusal);

        return refusal is null ? next(context) : refusal.ExecuteAsync(context);
    }

    private async Task ChangeAsync(HttpContext context, RouteEndpoint endpoint, Caller? caller, ProblemResult? refusal)
    {
        RequestAudit.Begin(context, audit, endpoint, caller, refusal is not null);
        await (refusal is null ? next(context) : refusal.ExecuteAsync(context));
    }

    private ProblemResult? Authenticate(HttpContext context, out Caller? caller)
    {
        var authorization = context.Request.Headers.Authorization;
        caller = null;

        if (StringValues.IsNullOrEmpty(authorization))
        {
            caller = callers.Anonymous;
            return caller is null ? Unauthenticated(context) : ForeignPage(context.Request);
        }

        // Two of them would leave it open which one counts.
        if (authorization is [{ } single])
            caller = callers.Find(single);

        return caller is null ? Unknown(context) : null;
    }

    private ProblemResult? TooOften(HttpContext context, Caller? caller)
    {
        if (rates.Wait(caller, context.Connection.RemoteIpAddress) is not { } wait)
            return null;

        context.Response.Headers.Remove(HeaderNames.WWWAuthenticate);
        return new ProblemResult(Contracts.Problem.Of(429, "rate-limited", "Too many requests", "These are more requests a second than the caller may send."), wait);
    }

    private static ProblemResult? Authorize(HttpContext context, Endpoint? endpoint, RequiredScope? required, Caller caller)
    {
        if (required is null)
        {
            // Nothing is here, or not by this method: routing's own endpoints say so.
            return endpoint is RouteEndpoint ? Forbidden(context, "Nobody may use this address: it asks for no scope.") : null;
        }

        if (!caller.May(required.Scope))
            return !caller.IsKnown ? Unauthenticated(context) : Forbidden(context, $"This needs a key with the scope '{required.Scope.Text()}'.", required.Scope);

        if (caller.Plugin is not { } only)
            return null;

        if (context.Request.RouteValues.TryGetValue("plugin", out var plugin))
            return plugin is string name && string.Equals(name, only, StringComparison.Ordinal) ? null : Forbidden(context, $"The key is for the plugin '{only}' only.");

        return required.IsOpenToOnePlugin ? null : Forbidden(context, $"The key is for the plugin '{only}' only, and this concerns others too.");
    }

    private ProblemResult? ForeignPage(HttpRequest request)
    {
        // A name that resolves to this machine, or a page of another site, must not reach a server that asks for no key.
        if (settings.IsLocal && request.Host.Host.ToLowerInvariant() is not ("localhost" or "127.0.0.1" or "[::1]" or "::1"))
            return new ProblemResult(403, "forbidden", "Forbidden", "Without a key this server answers to localhost, 127.0.0.1 and [::1] only. Make a key to use other names.");

        // A proxy on this machine brings requests of others, and may have changed the name that they asked for.
        if (settings is { IsLocal: true, Anonymous: Scope.None } && (request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Forwarded-For")))
            return new ProblemResult(403, "forbidden", "Forbidden", "Without a key this server does not answer to requests that were forwarded to it. Make a key, or set PluginHost:Anonymous.");

        if (!StringValues.IsNullOrEmpty(request.Headers.Origin) && !string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return new ProblemResult(403, "forbidden", "Forbidden", "Without a key this server does not answer to pages of other sites.");

        return null;
    }

    private static ProblemResult Unknown(HttpContext context) =>
        Unauthenticated(context, "Bearer error=\"invalid_token\"", "The key is none of this server's: it is wrong, has expired or was revoked.");

    private static ProblemResult Unauthenticated(HttpContext context, string challenge = "Bearer", string detail = "This needs a key: send Authorization: Bearer KEY.")
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return new ProblemResult(401, "unauthenticated", "Unauthenticated", detail);
    }

    private static ProblemResult Forbidden(HttpContext context, string detail, Scope? scope = null)
    {
        // RFC 6750, 3.1.
        if (scope is { } missing)
            context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{missing.Text()}\"";

        return new ProblemResult(Contracts.Problem.Of(403, "forbidden", "Forbidden", detail) with { Scope = scope?.Text() });
    }

    [LoggerMessage(LogLevel.Warning, "A token cannot be checked, because its issuer's keys cannot be had: {Reason}")]
    private partial void LogNoIssuer(string reason);
}
