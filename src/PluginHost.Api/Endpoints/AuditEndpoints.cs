using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.Endpoints;

/// <summary>Who changed what.</summary>
internal static class AuditEndpoints
{
    private const int DefaultPageSize = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/audit", Read).WithTags("Keys")
        .WithSummary("Every change and every attempt at one, the newest first: who, what, when, from where, and what came of it.")
        .WithDescription("The result is done, unchanged, aborted, or the code of the problem that was answered. An entry stands in the same transaction as its change.")
        .Produces<AuditPage>().WithProblems(400).RequireScope(Scope.Admin);

    private static IResult Read(AuditLog audit, int? pageSize, string? pageToken, string? plugin, string? caller)
    {
        var page = audit.Read(pageSize ?? DefaultPageSize, pageToken, plugin, caller);
        return page.Succeeded ? TypedResults.Json(page.Value, ApiJsonContext.Default.AuditPage) : ProblemResult.Of(page.Failure);
    }
}
