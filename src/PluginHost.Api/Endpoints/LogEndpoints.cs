using System.Globalization;
using System.Text.Json;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Api.Endpoints;

/// <summary>What plugins write to stdout and stderr.</summary>
internal static class LogEndpoints
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/plugins/{plugin}/logs", ReadAsync).WithTags("Plugins")
            .WithSummary("The kept lines of stdout and stderr; with follow=true the lines as they come, as server-sent events.")
            .Produces<Contracts.Logs>().WithProblems(400, 404, 503).WithContent("200", "text/event-stream", isBinary: false).RequireScope(Scope.Read);

    private static async Task<IResult> ReadAsync(PluginService plugins, string plugin, bool? follow, long? after, int? limit, HttpContext context)
    {
        if (follow != true)
        {
            var lines = plugins.Logs(plugin, after ?? 0, Math.Clamp(limit ?? 1_000, 1, 100_000));
            return lines.Succeeded ? TypedResults.Json(new Contracts.Logs(lines.Value), ApiJsonContext.Default.Logs) : ProblemResult.Of(lines.Failure);
        }

        // A reader that was cut off says what it has seen last.
        if (after is null && long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
            after = seen;

        var followed = plugins.FollowLogs(plugin, after ?? 0);

        if (!followed.Succeeded)
            return ProblemResult.Of(followed.Failure);

        using var subscription = followed.Value;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var callers = context.RequestServices.GetRequiredService<CallerDirectory>();
        await SendAsync(subscription, context.Response, () => callers.Counts((Caller)context.User), ending.Token);
        return TypedResults.Empty;
    }

    private static async Task SendAsync(LogSubscription subscription, HttpResponse response, Func<bool> counts, CancellationToken cancellation)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        try
        {
            await response.WriteAsync(": following\n\n", cancellation);
            await response.Body.FlushAsync(cancellation);
            var next = subscription.Lines.WaitToReadAsync(cancellation).AsTask();

            while (true)
            {
                var isNext = await Task.WhenAny(next, Task.Delay(KeepAlive, cancellation)) == next;

                // A key that was revoked meanwhile reads no further line.
                if (!counts())
                    return;

                if (!isNext)
                {
                    await response.WriteAsync(": still here\n\n", cancellation);
                }
                else
                {
                    if (!await next)
                        return;

                    while (subscription.Lines.TryRead(out var line))
                    {
                        var json = JsonSerializer.Serialize(line, ApiJsonContext.Default.PluginLogLine);
                        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {line.Sequence}\nevent: line\ndata: {json}\n\n"), cancellation);
                    }

                    next = subscription.Lines.WaitToReadAsync(cancellation).AsTask();
                }

                await response.Body.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader went away or the server stops.
        }
    }
}
