using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PluginHost.Api.Tests.Support;

/// <summary>A server that plugins send requests to, as good and as bad as servers are.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _failures;

    private WebHost(WebApplication app)
    {
        _app = app;
        app.Use((context, next) =>
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return next();
        });
        app.MapGet("/weather", (string city) => Results.Json(new { city, degrees = 21.5 }));
        app.MapGet("/v1/current", async (HttpContext context, string city) =>
        {
            if (context.Request.Headers.Authorization != "Bearer t0ken")
                return Results.Unauthorized();

            if (city == "Slow")
                await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);

            return city switch
            {
                "Bern" => Results.Json(new { temperature = 12.5, condition = "rain" }),
                "Moved" => Results.Redirect("/v1/current?city=Bern"),
                "Large" => Results.Text(new string('x', 8 << 20)),
                _ => Results.NotFound(),
            };
        });
        app.Map("/echo", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers.Where(header => header.Key is not "Host" && (context.Request.Query.ContainsKey("trace") || !header.Key.StartsWith("trace", StringComparison.Ordinal))).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}={header.Value}");
            return $"{context.Request.Method} {string.Join(';', headers)} [{await reader.ReadToEndAsync()}]";
        });
        app.Map("/redirect", (HttpContext context, string to, int status) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = to;
        });
        app.MapGet("/slow", async (HttpContext context) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
            return "late";
        });
        app.MapGet("/drip", async (HttpContext context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("drop ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        app.MapGet("/huge", async (HttpContext context, bool length) =>
        {
            var part = new byte[64 * 1024];

            if (length)
                context.Response.ContentLength = 1L << 32;

            for (var i = 0; i < 65_536; i++)
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
        });
        app.Map("/flaky", (HttpContext context, int failures) => context.Response.StatusCode = Interlocked.Increment(ref _failures) <= failures ? 503 : 200);
        app.Map("/broken", (HttpContext context) => context.Response.StatusCode = 500);
        app.Map("/cut", (HttpContext context) => context.Abort());
    }

    /// <summary>What has come, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public string Url => _app.Urls.First();

    public int Port => new Uri(Url).Port;

    public static async Task<WebHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new WebHost(builder.Build());
        await host._app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
