using System.Globalization;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Backups;

namespace PluginHost.Api.Endpoints;

/// <summary>A backup of all there is, made while the server runs.</summary>
internal static class BackupEndpoint
{
    private const string ContentType = "application/x-tar";

    private const string Description =
        """
        The archive holds the catalog as it is at one moment – plugins, versions, aliases, keys, the audit log, stores, operations – and every module that it names. Whoever has it has the secrets of all plugins.
        `dotnet PluginHost.Api.dll restore FILE` puts it into the empty data directory of a server that is not running.
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/backup", WriteAsync).WithTags("Server").WithSummary("Makes a backup of the server, as a tar archive.").WithDescription(Description)
        .Produces(StatusCodes.Status200OK).WithProblems(409, 507).WithContent("200", ContentType, isBinary: true).RequireScope(Scope.Admin);

    private static async Task<IResult> WriteAsync(PluginBackups backups, HttpContext context)
    {
        var failure = await backups.WriteAsync(
            manifest =>
            {
                var response = context.Response;
                response.ContentType = ContentType;
                response.Headers.CacheControl = "no-store";
                response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"pluginhost-{manifest.CreatedAt:yyyyMMdd-HHmmss}.tar\"");
                return response.Body;
            },
            context.RequestAborted);

        return failure is null ? TypedResults.Empty : ProblemResult.Of(failure);
    }
}
