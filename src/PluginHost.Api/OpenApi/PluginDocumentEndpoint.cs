using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using PluginHost.Api.Endpoints;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.OpenApi;

/// <summary>Where the documents of the plugins are.</summary>
internal static class PluginDocumentEndpoint
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/plugins/{plugin}/openapi.json", GetAsync)
        .WithTags("Plugins").WithSummary("An OpenAPI 3.1 document of the plugin: a typed operation for each function.")
        .Produces(StatusCodes.Status200OK).WithProblems(404).WithObject("200").RequireScope(Scope.Read);

    private static async Task<IResult> GetAsync(PluginService plugins, DocumentBytes server, string plugin, string? version)
    {
        var found = plugins.Version(plugin, version);

        if (!found.Succeeded)
            return ProblemResult.Of(found.Failure);

        var document = new PluginDocument(found.Value, JsonNode.Parse((await server.GetAsync()).Json)!).Make();
        using var json = new MemoryStream();

        await using (var writer = new Utf8JsonWriter(json, WriterOptions))
            document.WriteTo(writer);

        var bytes = json.ToArray();
        return TypedResults.Bytes(bytes, "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\""));
    }
}
