using PluginHost.Api.Security;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.OpenApi;

/// <summary>Where the server's own document is.</summary>
internal static class DocumentEndpoint
{
    public const string Document = "v1";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet($"/openapi/{Document}.json", GetAsync).ExcludeFromDescription().RequireScope(Scope.Read, openToOnePlugin: true);

    private static async Task<IResult> GetAsync(DocumentBytes document)
    {
        var (json, tag) = await document.GetAsync();
        return TypedResults.Bytes(json, "application/json; charset=utf-8", entityTag: tag);
    }
}
