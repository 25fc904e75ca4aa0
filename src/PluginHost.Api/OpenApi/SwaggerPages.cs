using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.OpenApi;

/// <summary>Swagger UI as an endpoint, so that it asks for a scope as all others do.</summary>
internal static class SwaggerPages
{
    public static void Map(WebApplication app)
    {
        var pages = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();

        // Its static files are served only where no endpoint has been chosen.
        pages.Use(next => context =>
        {
            context.SetEndpoint(null);
            context.Response.Headers.ContentSecurityPolicy = PagePolicies.Swagger;
            return next(context);
        });
        pages.UseSwaggerUI(swagger => swagger.ConfigObject.Urls = new DocumentUrls(app.Services.GetRequiredService<PluginService>()));
        app.MapMethods("/swagger/{**path}", [HttpMethods.Get, HttpMethods.Head], pages.Build()).ExcludeFromDescription().RequireScope(Scope.Read);
    }
}
