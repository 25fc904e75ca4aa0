using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Api.Problems;

/// <summary>A problem (RFC 9457) as the answer to a request. Every error of the API is one, with a stable code.</summary>
internal sealed class ProblemResult(Contracts.Problem problem, TimeSpan? retryAfter = null) : IResult
{
    public const string ContentType = "application/problem+json";

    public ProblemResult(int status, string code, string title, string detail)
        : this(Contracts.Problem.Of(status, code, title, detail))
    {
    }

    public static ProblemResult Of(PluginFailure failure, string? signature = null) => new(Describe(failure) with { Signature = signature }, failure.RetryAfter);

    /// <summary>All that a failure tells.</summary>
    public static Contracts.Problem Describe(PluginFailure failure)
    {
        var (status, title) = ProblemTable.Find(failure.Code);
        var detail = failure.Hint is null ? failure.Detail : $"{failure.Detail} {failure.Hint}";

        return Contracts.Problem.Of(status, failure.Code.Text(), title, detail) with
        {
            Hint = failure.Hint,
            Offset = failure.Offset,
            Function = failure.Function,
            Imports = failure.UnresolvedImports?.Select(import => import.ToString()).ToList(),
            Available = failure.Available,
            Errors = failure.Errors,
            Functions = failure.Functions,
            Configuration = failure.Configuration,
            PluginCode = failure.PluginCode,
            PluginDetails = failure.PluginDetails,
            Trap = failure.Trap?.Text(),
            Stack = failure.Frames,
            ExitCode = failure.ExitCode is { } exit ? (int)exit : null,
            Panic = failure.Panic,
            Stderr = failure.StandardError,
            Instance = failure.Instance?.ToString().ToLowerInvariant(),
            Invocation = failure.Invocation,
        };
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;

        if (response.HasStarted)
            return;

        if (httpContext.Features.Get<RequestAudit>() is { } audit)
            audit.Problem = problem.Code;

        // What belongs to every answer stays, and so does what the framework says of a refusal: Allow, Content-Range.
        response.Headers.Remove(HeaderNames.ETag);
        response.Headers.Remove(HeaderNames.LastModified);
        response.Headers.Remove(HeaderNames.Location);
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";

        if (retryAfter is { } after)
            response.Headers.RetryAfter = Math.Max((int)Math.Ceiling(after.TotalSeconds), 1).ToString(CultureInfo.InvariantCulture);

        if (problem.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
            response.Headers.WWWAuthenticate = "Bearer";

        using var buffer = new PooledJson();
        Write(buffer.Writer);
        await buffer.SendAsync(response, httpContext.RequestAborted);
    }

    /// <summary>Writes the problem as one JSON object.</summary>
    public void Write(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, problem, ApiJsonContext.Default.Problem);
}
