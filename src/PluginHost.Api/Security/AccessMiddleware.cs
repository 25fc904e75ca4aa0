using Microsoft.Extensions.Primitives;
using PluginHost.Api.Problems;

namespace PluginHost.Api.Security;

/// <summary>
/// Who may come in: whoever has the key; without a key whoever is on this machine, but no page of another site in a browser on it.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiKey key)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";

        if (Refusal(context.Request) is { } refusal)
            return refusal.ExecuteAsync(context);

        return next(context);
    }

    private ProblemResult? Refusal(HttpRequest request)
    {
        if (request.Path == "/livez" || request.Path == "/readyz")
            return null;

        if (key.IsRequired)
        {
            return key.Accepts(request.Headers.Authorization)
                ? null
                : new ProblemResult(401, "unauthenticated", "Unauthenticated", "This server needs its key: send Authorization: Bearer KEY.");
        }

        // A name that resolves to this machine, or a page of another site, must not reach a server that asks for no key.
        if (request.Host.Host.ToLowerInvariant() is not ("localhost" or "127.0.0.1" or "[::1]" or "::1"))
            return new ProblemResult(403, "forbidden", "Forbidden", "Without a key this server answers to localhost, 127.0.0.1 and [::1] only. Set PluginHost:ApiKey to use other names.");

        if (!StringValues.IsNullOrEmpty(request.Headers.Origin) && !string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return new ProblemResult(403, "forbidden", "Forbidden", "Without a key this server does not answer to pages of other sites.");

        return null;
    }
}
