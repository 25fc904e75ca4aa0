using System.Diagnostics;

namespace PluginHost.Api;

/// <summary>One line for each request: at debug level for probes and successful invocations, whose number would drown the others.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        await next(context);
        var status = context.Response.StatusCode;
        var isFrequent = status < 400 && (context.Request.Path.Value?.EndsWith("/invoke", StringComparison.Ordinal) == true || context.Request.Path.Value?.EndsWith('z') == true);
        var level = status >= 500 ? LogLevel.Error : isFrequent ? LogLevel.Debug : LogLevel.Information;

        if (!logger.IsEnabled(level))
            return;

        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        // Escaped: a line break in a path must not begin a line of the log.
        var path = context.Request.Path.ToUriComponent();
        LogRequest(level, context.Request.Method, path, status, milliseconds);
    }

    [LoggerMessage("{Method} {Path} {Status} in {Milliseconds:0.###} ms")]
    private partial void LogRequest(LogLevel level, string method, string path, int status, double milliseconds);
}
