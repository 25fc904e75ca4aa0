using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Endpoints;

/// <summary>Probes, and what the server says of itself.</summary>
internal static class ServerEndpoints
{
    private static readonly Contracts.Health Live = new("live");
    private static readonly Contracts.Health Ready = new("ready");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Json(Live, ApiJsonContext.Default.Health))
            .WithTags("Server").WithSummary("Whether the process lives.").Produces<Contracts.Health>().AllowAnonymous();

        routes.MapGet("/readyz", IResult (HostState state) => state.IsReady
                ? TypedResults.Json(Ready, ApiJsonContext.Default.Health)
                : new ProblemResult(NotReady(state), TimeSpan.FromSeconds(1)))
            .WithTags("Server").WithSummary("Whether the server takes work: 503 while it starts or drains.").Produces<Contracts.Health>().WithProblems(503).AllowAnonymous();

        routes.MapGet("/v1/server", (PluginService plugins) => TypedResults.Json(plugins.Describe(), ApiJsonContext.Default.HostDescription))
            .WithTags("Server").WithSummary("The server's version, limits, engines and WASI functions.").Produces<HostDescription>().RequireScope(Scope.Read, openToOnePlugin: true);
    }

    private static Contracts.Problem NotReady(HostState state) => state.Phase == HostPhase.Draining
        ? Contracts.Problem.Of(StatusCodes.Status503ServiceUnavailable, "draining", "Draining", "The server is stopping and takes no new work.")
        : Contracts.Problem.Of(StatusCodes.Status503ServiceUnavailable, "starting", "Starting", "The server is starting.");
}
