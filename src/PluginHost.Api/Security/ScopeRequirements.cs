using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>Says of an endpoint who may use it.</summary>
internal static class ScopeRequirements
{
    private static readonly string[] ProblemJson = ["application/problem+json"];

    /// <summary>
    /// Only callers with the scope may use the endpoint. A caller that is restricted to one plugin may where the route's <c>{plugin}</c> is that one.
    /// </summary>
    /// <param name="openToOnePlugin">Whether such a caller may use an endpoint whose route names no plugin: where it shows nothing of others, or sees to that itself.</param>
    /// <param name="changes">False for an endpoint of the scopes deploy and admin that changes nothing by any method. Others are audited, unless by GET and HEAD.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, Scope scope, bool openToOnePlugin = false, bool changes = true)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(
            new RequiredScope(scope, changes && scope is Scope.Deploy or Scope.Admin, openToOnePlugin),
            Problem(StatusCodes.Status401Unauthorized),
            Problem(StatusCodes.Status403Forbidden),
            Problem(StatusCodes.Status429TooManyRequests));

    private static ProducesResponseTypeMetadata Problem(int status) => new ProducesResponseTypeMetadata(status, typeof(Contracts.Problem), ProblemJson);
}
