using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.Security;

/// <summary>What is known of a request that may change something, until its entry in the audit log is written: at the latest before it is answered.</summary>
internal sealed class RequestAudit
{
    private readonly AuditLog _audit;
    private readonly AuditDraft _draft;
    private readonly bool _isRefused;

    private RequestAudit(AuditLog audit, AuditDraft draft, bool isRefused)
    {
        _audit = audit;
        _draft = draft;
        _isRefused = isRefused;
    }

    /// <summary>The code of the problem that is answered; null for none.</summary>
    public string? Problem { get; set; }

    /// <param name="caller">Null for nobody that is known.</param>
    /// <param name="isRefused">Whether the caller may not even try.</param>
    public static void Begin(HttpContext context, AuditLog audit, RouteEndpoint endpoint, Caller? caller, bool isRefused)
    {
        var request = context.Request;
        var draft = audit.Begin(
            caller is null ? "" : caller.Identity?.AuthenticationType == "oidc" ? $"oidc:{caller.Id}" : caller.Id,
            caller?.Name ?? "",
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            $"{request.Method} {endpoint.RoutePattern.RawText}",
            request.Path.ToUriComponent(),
            request.RouteValues.GetValueOrDefault("plugin") as string);
        var own = new RequestAudit(audit, draft, isRefused);

        context.Features.Set(own);
        context.Response.OnStarting(() =>
        {
            own.End(own.Problem ?? (context.Response.StatusCode < 400 ? "unchanged" : "failed"));
            return Task.CompletedTask;
        });

        // A request whose caller went away has no answer.
        context.Response.OnCompleted(() =>
        {
            own.End("aborted");
            return Task.CompletedTask;
        });
    }

    private void End(string result) => _audit.End(_draft, result, _isRefused);
}
