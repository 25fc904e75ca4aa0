using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using PluginHost.Plugins.Catalog;

namespace PluginHost.Api.Problems;

/// <summary>Turns what the framework answers without a body, and what nobody caught, into problems.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await AnswerAsync(context);

        // A refusal often comes before the body has. Kestrel goes on discarding the rest for a few seconds, so that the client can read the answer, but not
        // where the body is larger than its limit: then it would reset the connection, and the answer would be lost on the way.
        if (context.Response.StatusCode >= 400 && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (IsGone(exception, context))
        {
            // Nobody reads an answer. Without the abort Kestrel would try to read the rest of the body, and call it an error that it cannot.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;

            context.Abort();
            return;
        }
        catch (BadHttpRequestException exception)
        {
            if (context.Response.HasStarted)
                context.Abort();

            await Answer(exception.StatusCode, UnboundParameter().Replace(exception.Message, "The parameter '${name}' cannot be '${value}'.")).ExecuteAsync(context);
            return;
        }
        catch (Exception exception) when (FullStorage.Explains(exception))
        {
            LogFull(context.Request.Method, context.Request.Path.ToUriComponent(), exception.Message);
            await new ProblemResult(507, "storage-full", "Storage full", "The server's data directory has no room left. Nothing was changed.").ExecuteAsync(context);
            return;
        }
#pragma warning disable CA1031 // The boundary: what is not foreseen is logged and answered without a detail.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogUnhandled(exception, context.Request.Method, context.Request.Path.ToUriComponent());

            // A body that was begun cannot become a problem any more, but it must not look complete either.
            if (context.Response.HasStarted)
                context.Abort();

            await new ProblemResult(500, "internal-error", "Internal error", "The server met a bug of its own; its log has more.").ExecuteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0 })
            await Answer(context.Response.StatusCode, null).ExecuteAsync(context);
    }

    /// <summary>Whether the client went away. Reading its body can say so before the request is cancelled.</summary>
    private static bool IsGone(Exception exception, HttpContext context) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (exception is OperationCanceledException or IOException and not BadHttpRequestException && context.RequestAborted.IsCancellationRequested);

    private static ProblemResult Answer(int status, string? detail) => status switch
    {
        404 => new ProblemResult(404, "not-found", "Not found", detail ?? "There is nothing at this address; /swagger shows what there is."),
        405 => new ProblemResult(405, "method-not-allowed", "Method not allowed", detail ?? "This address does not answer to this method."),
        412 => new ProblemResult(412, "precondition-failed", "Precondition failed", detail ?? "What the request names is not what is here."),
        413 => new ProblemResult(413, "body-too-large", "Body too large", detail ?? "The body is larger than this address takes."),
        415 => new ProblemResult(415, "unsupported-media-type", "Unsupported media type", detail ?? "This address does not take this content type."),
        408 => new ProblemResult(408, "request-timeout", "Request timeout", detail ?? "The body came too slowly."),
        416 => new ProblemResult(416, "range-not-satisfiable", "Range not satisfiable", detail ?? "The range lies behind the end of the module."),
        < 500 => new ProblemResult(status, "bad-request", "Bad request", detail ?? "The request cannot be understood."),
        _ => new ProblemResult(status, "internal-error", "Internal error", "The server met a bug of its own; its log has more."),
    };

    /// <summary>What ASP.NET Core says of a parameter of another type, with the type's name in C#.</summary>
    [GeneratedRegex("""^Failed to bind parameter "(.* )?(?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnboundParameter();

    [LoggerMessage(LogLevel.Error, "{Method} {Path} found the data directory full: {Reason}")]
    private partial void LogFull(string method, string path, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogUnhandled(Exception exception, string method, string path);
}
