using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Endpoints;

/// <summary>The keys that callers are known by.</summary>
internal static class KeyEndpoints
{
    private const int MaximumBody = 16 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/keys", (AccessKeys keys) => TypedResults.Json(new KeyList(keys.List()), ApiJsonContext.Default.KeyList))
            .WithTags("Keys").WithSummary("All keys, the newest first: without their secrets, which are kept nowhere.").Produces<KeyList>().RequireScope(Scope.Admin);
        routes.MapGet("/v1/keys/{key}", Get).WithTags("Keys").WithSummary("One key, without its secret.").Produces<AccessKey>().WithProblems(404).RequireScope(Scope.Admin);
        routes.MapPost("/v1/keys", CreateAsync).WithTags("Keys").WithSummary("Makes a key, and shows its secret this one time.")
            .WithDescription("Scopes are read, invoke, deploy and admin: admin includes all, deploy includes read, invoke does not. A server on this machine that asks for no key asks for one from the first that is made, which must therefore have the scope admin.")
            .Accepts<KeyRequest>("application/json").Produces<MadeKey>(StatusCodes.Status201Created).WithProblems(400, 409, 413, 415, 507)
            .WithRequestExample("""{"name":"pipeline","scopes":["deploy"],"plugin":"calc","expiresAt":"2099-12-31T00:00:00Z"}""").RequireScope(Scope.Admin);
        routes.MapDelete("/v1/keys/{key}", Revoke).WithTags("Keys").WithSummary("Revokes a key. From the next request on it counts no more; it stays in the list for a while.")
            .Produces(StatusCodes.Status204NoContent).WithProblems(404, 409).RequireScope(Scope.Admin);
    }

    private static async Task<IResult> CreateAsync(AccessKeys keys, CallerDirectory callers, HttpContext context)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaximumBody;

        var (asked, problem) = await JsonBody.ReadAsync(context.Request, ApiJsonContext.Default.KeyRequest, "The request for a key", "A key is asked for with application/json.");

        if (problem is not null)
            return problem;

        var made = keys.Create(asked ?? new KeyRequest(null, null), callers.NeedsAdministrator);

        if (!made.Succeeded)
            return ProblemResult.Of(made.Failure);

        context.Response.Headers.Location = $"/v1/keys/{made.Value.Key.Id}";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(made.Value, ApiJsonContext.Default.MadeKey, statusCode: StatusCodes.Status201Created);
    }

    private static IResult Get(AccessKeys keys, string key)
    {
        var found = keys.Get(key);
        return found.Succeeded ? TypedResults.Json(found.Value, ApiJsonContext.Default.AccessKey) : ProblemResult.Of(found.Failure);
    }

    private static IResult Revoke(AccessKeys keys, CallerDirectory callers, string key)
    {
        var revoked = keys.Revoke(key, callers.NeedsAdministrator);
        return revoked.Succeeded ? TypedResults.NoContent() : ProblemResult.Of(revoked.Failure);
    }
}
