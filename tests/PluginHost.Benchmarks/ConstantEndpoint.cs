using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(PluginHost.Benchmarks.ConstantEndpoint))]

namespace PluginHost.Benchmarks;

/// <summary>
/// What the server is measured against: an endpoint that answers a GET with the bytes of what <c>add(1, 2)</c> gives. A server that the benchmark starts finds it by
/// its environment and adds it behind its own middleware and in its own routing; no other server has it.
/// </summary>
public sealed class ConstantEndpoint : IHostingStartup, IStartupFilter
{
    internal const string Path = "/benchmark/constant";

    /// <summary>What a server must have in its environment; <see cref="StartupHook"/> has it find this assembly.</summary>
    internal static (string Name, string Value)[] Environment { get; } =
    [
        ("DOTNET_STARTUP_HOOKS", typeof(ConstantEndpoint).Assembly.Location),
        ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(ConstantEndpoint).Assembly.GetName().Name!),
    ];

    private static ReadOnlySpan<byte> Body => """{"results":[3]}"""u8;

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        app.UseEndpoints(routes => routes.MapGet(Path, WriteAsync).AllowAnonymous());
    };

    private static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Body.Length;
        Body.CopyTo(context.Response.BodyWriter.GetSpan(Body.Length));
        context.Response.BodyWriter.Advance(Body.Length);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
