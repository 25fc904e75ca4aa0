namespace PluginHost.Api.Endpoints;

/// <summary>Says in the OpenAPI document which problems an endpoint answers with.</summary>
internal static class ProblemMetadata
{
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            builder.Produces<Contracts.Problem>(status, "application/problem+json");

        return builder;
    }
}
