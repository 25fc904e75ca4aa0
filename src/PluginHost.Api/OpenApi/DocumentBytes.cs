using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace PluginHost.Api.OpenApi;

/// <summary>The document as it is sent. Nothing in it changes while the server runs, and making it costs more than most invocations: it is made once.</summary>
internal sealed class DocumentBytes([FromKeyedServices(DocumentEndpoint.Document)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<(byte[] Json, EntityTagHeaderValue Tag)>> _document = new(() => MakeAsync(provider));

    public Task<(byte[] Json, EntityTagHeaderValue Tag)> GetAsync() => _document.Value;

    private static async Task<(byte[] Json, EntityTagHeaderValue Tag)> MakeAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var json = new MemoryStream();

        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);

        var bytes = json.ToArray();
        return (bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\""));
    }
}
