using PluginHost.Api.Calls;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Operations;

namespace PluginHost.Api.Endpoints;

/// <summary>Calls that nobody waits for. Each caller sees its own; an administrator sees all.</summary>
internal static class OperationEndpoints
{
    private const string Tag = "Operations";
    private const string Base = "/v1/plugins/{plugin}/operations";
    private const int DefaultPageSize = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Base, List).WithTags(Tag).WithSummary("The caller's operations, the newest first.")
            .Produces<OperationPage>().WithProblems(400, 404).RequireScope(Scope.Invoke);
        routes.MapGet(Base + "/{operation}", GetAsync).WithTags(Tag).WithSummary("How far an operation is; with Prefer: wait=SECONDS once it has ended, or the time is over.")
            .WithDescription("An operation waits its turn for as long as the plugin has no room for it. It has the version that answers when it runs. A restart of the server loses none: one that had begun is run again where it has an Idempotency-Key, and else it has failed with operation-interrupted.")
            .Produces<Operation>().WithProblems(404).WithPreference("wait=10").RequireScope(Scope.Invoke);
        routes.MapGet(Base + "/{operation}/result", ResultAsync).WithTags(Tag).WithSummary("What the call would have been answered with: its status, its body.")
            .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status204NoContent).WithProblems(404, 409).WithContent("200", "application/json", isBinary: false).RequireScope(Scope.Invoke);
        routes.MapPost(Base + "/{operation}/cancel", CancelAsync).WithTags(Tag).WithSummary("Ends an operation that has no result yet; its guest is interrupted.")
            .Produces<Operation>().WithProblems(404).RequireScope(Scope.Invoke);
        routes.MapDelete(Base + "/{operation}", DeleteAsync).WithTags(Tag).WithSummary("Forgets an operation that has ended, and its result.")
            .Produces(StatusCodes.Status204NoContent).WithProblems(404, 409).RequireScope(Scope.Invoke);
    }

    /// <summary>Where an operation is.</summary>
    public static string Path(Operation operation) => $"/v1/plugins/{operation.Plugin}/operations/{operation.Id}";

    private static IResult List(PluginOperations operations, string plugin, int? pageSize, string? pageToken, HttpContext context)
    {
        var page = operations.List(plugin, Own(context), pageSize ?? DefaultPageSize, pageToken);
        return page.Succeeded ? TypedResults.Json(page.Value, ApiJsonContext.Default.OperationPage) : ProblemResult.Of(page.Failure);
    }

    private static async Task<IResult> GetAsync(PluginOperations operations, string plugin, string operation, HttpContext context)
    {
        var wait = CallPreferences.Of(context.Request).Wait ?? TimeSpan.Zero;
        var found = await operations.WaitAsync(plugin, operation, Own(context), wait, context.RequestAborted);
        return found.Succeeded ? TypedResults.Json(found.Value, ApiJsonContext.Default.Operation) : ProblemResult.Of(found.Failure);
    }

    private static async Task<IResult> ResultAsync(PluginOperations operations, string plugin, string operation, HttpContext context)
    {
        var answer = operations.Answer(plugin, operation, Own(context));

        if (!answer.Succeeded)
            return ProblemResult.Of(answer.Failure);

        await DetachedCalls.SendAsync(context, answer.Value);
        return TypedResults.Empty;
    }

    private static async Task<IResult> CancelAsync(PluginOperations operations, string plugin, string operation, HttpContext context)
    {
        var ended = await operations.CancelAsync(plugin, operation, Own(context), context.RequestAborted);
        return ended.Succeeded ? TypedResults.Json(ended.Value, ApiJsonContext.Default.Operation) : ProblemResult.Of(ended.Failure);
    }

    private static async Task<IResult> DeleteAsync(PluginOperations operations, string plugin, string operation, HttpContext context)
    {
        var deleted = await operations.DeleteAsync(plugin, operation, Own(context));
        return deleted.Succeeded ? TypedResults.NoContent() : ProblemResult.Of(deleted.Failure);
    }

    /// <summary>The caller whose operations a request may see; null for all.</summary>
    private static string? Own(HttpContext context)
    {
        var caller = (Caller)context.User;
        return caller.May(Scope.Admin) ? null : caller.CountedAs;
    }
}
