using PluginHost.Plugins;

namespace PluginHost.Api.Endpoints;

/// <summary>Probes, and what the server says of itself.</summary>
internal static class ServerEndpoints
{
    private static readonly Contracts.Health Live = new("live");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Json(Live, ApiJsonContext.Default.Health))
            .WithTags("Server").WithSummary("Whether the process lives.").Produces<Contracts.Health>();

        routes.MapGet("/readyz", (HostState state) => TypedResults.Json(
                new Contracts.Health(state.Phase.ToString().ToLowerInvariant()),
                ApiJsonContext.Default.Health,
                statusCode: state.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable))
            .WithTags("Server").WithSummary("Whether the server takes work: 503 while it starts or drains.")
            .Produces<Contracts.Health>().Produces<Contracts.Health>(StatusCodes.Status503ServiceUnavailable);

        routes.MapGet("/v1/server", (PluginService plugins) => TypedResults.Json(plugins.Describe(), ApiJsonContext.Default.HostDescription))
            .WithTags("Server").WithSummary("The server's version, limits, engines and WASI functions.").Produces<HostDescription>();

        routes.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription();
    }
}
