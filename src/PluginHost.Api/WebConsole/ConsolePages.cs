using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using PluginHost.Api.Security;
using PluginHost.Api.WebConsole.Components;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using Radzen;

namespace PluginHost.Api.WebConsole;

/// <summary>The web console: pages of Blazor that use the same services as the API's endpoints.</summary>
internal static class ConsolePages
{
    /// <summary>The setting that switches it off.</summary>
    public const string Setting = "PluginHost:Console";

    public static void AddTo(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ConsoleCookie>();

        if (!IsEnabled(builder.Configuration))
            return;

        // Where the server runs from its build folder, static files are found by the manifest that the build has written.
        builder.WebHost.UseStaticWebAssets();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
        services.AddScoped<CircuitHandler, ConsoleCircuits>();
        services.AddScoped<ConsoleSession>();
        services.AddRadzenComponents();
        services.AddAntiforgery(antiforgery => antiforgery.SuppressXFrameOptionsHeader = true);
        services.AddDataProtection().SetApplicationName("PluginHost");

        // Beside the catalog, so that whoever has signed in stays so over a restart. The folder is made when it is first looked at, which is after the data directory was.
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<PluginHostOptions>, ILoggerFactory>((keys, options, loggers) =>
            keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(Path.Combine(options.Value.DataDirectory, "console-keys")), loggers));
    }

    public static void Map(WebApplication app)
    {
        if (!IsEnabled(app.Configuration))
        {
            app.MapGet("/", () => TypedResults.Redirect("/swagger")).ExcludeFromDescription().RequireScope(Scope.Read);
            return;
        }

        app.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<ConsolePage>() is not null, pages => pages.UseAntiforgery());
        app.MapStaticAssets().WithMetadata(new AllowAnonymousAttribute());
        app.MapPost("/console/sign-in", SignInAsync).ExcludeFromDescription().WithMetadata(new ConsolePage(IsOpen: true));
        app.MapPost("/console/sign-out", SignOut).ExcludeFromDescription().WithMetadata(new ConsolePage(IsOpen: true));
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode()
            .Add(endpoint => endpoint.Metadata.Add(new ConsolePage(IsOpen: (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText == ConsoleCookie.SignInPath)));
    }

    private static bool IsEnabled(IConfiguration configuration) => configuration.GetValue(Setting, true);

    private static async Task<IResult> SignInAsync(HttpContext context, ConsoleCookie cookies)
    {
        if (!IsOwn(context.Request))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return TypedResults.LocalRedirect(cookies.SignIn(context, form["key"].ToString().Trim()) ? "/" : $"{ConsoleCookie.SignInPath}?failed=1");
    }

    private static IResult SignOut(HttpContext context)
    {
        if (!IsOwn(context.Request))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);

        ConsoleCookie.SignOut(context);
        return TypedResults.LocalRedirect(ConsoleCookie.SignInPath);
    }

    /// <summary>Whether a form is this server's own: browsers say where it comes from.</summary>
    private static bool IsOwn(HttpRequest request) => string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
