using System.Collections;
using PluginHost.Plugins;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace PluginHost.Api.OpenApi;

/// <summary>The documents that Swagger UI offers: the server's own and one for each plugin, as they are when the page is asked for.</summary>
internal sealed class DocumentUrls(PluginService plugins) : IEnumerable<UrlDescriptor>
{
    private const int MaximumPlugins = 1_000;

    public IEnumerator<UrlDescriptor> GetEnumerator()
    {
        yield return new UrlDescriptor { Name = "PluginHost", Url = $"/openapi/{DocumentEndpoint.Document}.json" };

        foreach (var plugin in plugins.List(MaximumPlugins, null).Value?.Plugins ?? [])
        {
            if (plugin.VersionCount > 0)
                yield return new UrlDescriptor { Name = plugin.Name, Url = $"/v1/plugins/{plugin.Name}/openapi.json" };
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
