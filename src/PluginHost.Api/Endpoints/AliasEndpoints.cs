using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Aliases;

namespace PluginHost.Api.Endpoints;

/// <summary>The names by which versions are called, and where they point.</summary>
internal static class AliasEndpoints
{
    private const string Tag = "Aliases";

    private const string PutDescription =
        """
        An invocation that names no version takes one of the alias `live`, each by its weight; `?alias=` selects another alias. Targets are loaded before the alias moves, and those of `live` have an instance,
        so that no invocation waits; invocations that have begun end in the version that they have taken. An alias that exists is moved only by a request that names what it has seen: `If-Match` with its
        ETag, or `*` for whatever it is (else 428). `If-None-Match: *` makes a new one only.
        """;

    private const string RollbackDescription =
        "Goes back to where the alias pointed before, and further back when asked again; 20 states are kept. States whose versions were deleted are passed over.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/plugins/{plugin}/aliases", List).WithTags(Tag).WithSummary("A plugin's aliases by name.").Produces<AliasList>().WithProblems(404).RequireScope(Scope.Read);
        routes.MapGet("/v1/plugins/{plugin}/aliases/{alias}", Get).WithTags(Tag).WithSummary("Where an alias points.").Produces<Alias>().Produces(StatusCodes.Status304NotModified).WithProblems(404).RequireScope(Scope.Read);
        routes.MapPut("/v1/plugins/{plugin}/aliases/{alias}", PutAsync).WithTags(Tag).WithSummary("Points an alias at a version, or at several by weight.").WithDescription(PutDescription)
            .Accepts<AliasRequest>("application/json").Produces<Alias>().Produces<Alias>(StatusCodes.Status201Created).WithProblems(400, 404, 412, 415, 422, 428, 503, 507).RequireScope(Scope.Deploy)
            .WithRequestExample("""{"targets":[{"version":1,"weight":100}]}""").WithHeaderExample("If-Match", "*");
        routes.MapDelete("/v1/plugins/{plugin}/aliases/{alias}", DeleteAsync).WithTags(Tag).WithSummary("Removes an alias other than live; its versions stay.")
            .Produces(StatusCodes.Status204NoContent).WithProblems(404, 409, 412, 503).RequireScope(Scope.Deploy);
        routes.MapPost("/v1/plugins/{plugin}/aliases/{alias}/rollback", RollBackAsync).WithTags(Tag).WithSummary("Points an alias at where it pointed before.").WithDescription(RollbackDescription)
            .Produces<Alias>().WithProblems(404, 409, 412, 422, 503, 507).RequireScope(Scope.Deploy);
    }

    private static IResult List(PluginAliases aliases, string plugin)
    {
        var found = aliases.List(plugin);
        return found.Succeeded ? TypedResults.Json(new AliasList(found.Value), ApiJsonContext.Default.AliasList) : ProblemResult.Of(found.Failure);
    }

    private static IResult Get(PluginAliases aliases, string plugin, string alias, HttpContext context)
    {
        var found = aliases.Get(plugin, alias);

        if (found.Succeeded && EntityTags.IsKnown(context, Of(found.Value)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);

        return found.Succeeded ? Answer(found.Value, context.Response) : ProblemResult.Of(found.Failure);
    }

    private static async Task<IResult> PutAsync(
        PluginAliases aliases,
        string plugin,
        string alias,
        HttpRequest request,
        HttpResponse response,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        [FromHeader(Name = "If-None-Match")] string? ifNoneMatch,
        CancellationToken cancellation)
    {
        var (body, problem) = await JsonBody.ReadAsync(request, ApiJsonContext.Default.AliasRequest, "The targets", "An alias's targets are application/json.");

        if (problem is not null)
            return problem;

        if (body?.Targets is null)
            return new ProblemResult(400, "invalid-alias", "Invalid alias", """The body is {"targets":[{"version":7,"weight":95},{"version":8,"weight":5}]}.""");

        var put = await aliases.PutAsync(plugin, alias, body.Targets, Condition(ifMatch, ifNoneMatch), cancellation);

        if (!put.Succeeded)
            return ProblemResult.Of(put.Failure);

        if (!put.Value.Created)
            return Answer(put.Value.Alias, response);

        response.Headers.Location = $"/v1/plugins/{plugin}/aliases/{alias}";
        return Answer(put.Value.Alias, response, StatusCodes.Status201Created);
    }

    private static async Task<IResult> RollBackAsync(
        PluginAliases aliases, string plugin, string alias, HttpResponse response, [FromHeader(Name = "If-Match")] string? ifMatch, CancellationToken cancellation)
    {
        var back = await aliases.RollBackAsync(plugin, alias, Condition(ifMatch, null), cancellation);
        return back.Succeeded ? Answer(back.Value, response) : ProblemResult.Of(back.Failure);
    }

    private static async Task<IResult> DeleteAsync(
        PluginAliases aliases, string plugin, string alias, [FromHeader(Name = "If-Match")] string? ifMatch, CancellationToken cancellation)
    {
        var deleted = await aliases.DeleteAsync(plugin, alias, Condition(ifMatch, null), cancellation);
        return deleted.Succeeded ? TypedResults.NoContent() : ProblemResult.Of(deleted.Failure);
    }

    private static JsonHttpResult<Alias> Answer(Alias alias, HttpResponse response, int status = StatusCodes.Status200OK)
    {
        response.Headers.ETag = Of(alias);
        return TypedResults.Json(alias, ApiJsonContext.Default.Alias, statusCode: status);
    }

    private static Predicate<Alias?>? Condition(string? ifMatch, string? ifNoneMatch) => EntityTags.Condition<Alias>(ifMatch, ifNoneMatch, Of);

    /// <summary>A revision alone would come again when an alias of the same name is made anew.</summary>
    private static string Of(Alias alias) => string.Create(CultureInfo.InvariantCulture, $"\"{alias.Revision}-{alias.UpdatedAt.ToUnixTimeMilliseconds():x}\"");
}
