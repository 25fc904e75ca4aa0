using System.Diagnostics;

namespace PluginHost.Api.Telemetry;

/// <summary>
/// Goes on with the trace that a request is part of (W3C Trace Context), so that a plugin can name it and its own requests carry it, also where nobody collects
/// traces: ASP.NET Core begins an activity only for somebody who listens.
/// </summary>
internal static class TraceContext
{
    public static RequestDelegate Of(RequestDelegate next) => context =>
        Activity.Current is null && context.Request.Headers.TraceParent is [{ } parent] && ActivityContext.TryParse(parent, context.Request.Headers.TraceState, out _) ? GoOnAsync(next, context, parent) : next(context);

    private static async Task GoOnAsync(RequestDelegate next, HttpContext context, string parent)
    {
        using var activity = new Activity("request") { TraceStateString = context.Request.Headers.TraceState };
        activity.SetParentId(parent).Start();
        await next(context);
    }
}
