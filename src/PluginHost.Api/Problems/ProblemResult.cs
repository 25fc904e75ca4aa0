using System.Globalization;
using PluginHost.Plugins;

namespace PluginHost.Api.Problems;

/// <summary>A problem (RFC 9457) as the answer to a request. Every error of the API is one, with a stable code.</summary>
internal sealed class ProblemResult(int status, string code, string title, string detail) : IResult
{
    private readonly List<(string Name, object Value)> _extensions = [];

    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; init; }

    public ProblemResult With(string name, object? value)
    {
        if (value is not null)
            _extensions.Add((name, value));

        return this;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;

        if (response.HasStarted)
            return;

        response.Clear();
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";

        if (RetryAfter is { } after)
            response.Headers.RetryAfter = Math.Max((int)Math.Ceiling(after.TotalSeconds), 1).ToString(CultureInfo.InvariantCulture);

        if (Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";

        using var buffer = new PooledJson();
        Write(buffer.Writer);
        await buffer.SendAsync(response, httpContext.RequestAborted);
    }

    /// <summary>Writes the problem as one JSON object.</summary>
    public void Write(System.Text.Json.Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, $"urn:pluginhost:problem:{code}");
        writer.WriteString("title"u8, title);
        writer.WriteNumber("status"u8, Status);
        writer.WriteString("detail"u8, detail);
        writer.WriteString("code"u8, code);

        foreach (var (name, value) in _extensions)
        {
            writer.WritePropertyName(name);

            switch (value)
            {
                case string text:
                    writer.WriteStringValue(text);
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case IEnumerable<string> texts:
                    writer.WriteStartArray();

                    foreach (var text in texts)
                        writer.WriteStringValue(text);

                    writer.WriteEndArray();
                    break;
                case IReadOnlyDictionary<string, string[]> errors:
                    writer.WriteStartObject();

                    foreach (var (pointer, messages) in errors)
                    {
                        writer.WriteStartArray(pointer);

                        foreach (var message in messages)
                            writer.WriteStringValue(message);

                        writer.WriteEndArray();
                    }

                    writer.WriteEndObject();
                    break;
                default:
                    writer.WriteStringValue(value.ToString());
                    break;
            }
        }

        writer.WriteEndObject();
    }

    public static ProblemResult Of(PluginFailure failure)
    {
        var (status, title) = ProblemTable.Find(failure.Code);
        var detail = failure.Hint is null ? failure.Detail : $"{failure.Detail} {failure.Hint}";

        return new ProblemResult(status, failure.Code.Text(), title, detail) { RetryAfter = failure.RetryAfter }
            .With("hint", failure.Hint)
            .With("offset", failure.Offset)
            .With("function", failure.Function)
            .With("imports", failure.UnresolvedImports?.Select(import => import.ToString()))
            .With("available", failure.Available)
            .With("errors", failure.Errors)
            .With("trap", failure.Trap?.ToString())
            .With("stack", failure.Frames)
            .With("exitCode", failure.ExitCode is { } exit ? (long)(int)exit : null)
            .With("panic", failure.Panic)
            .With("stderr", failure.StandardError)
            .With("instance", failure.Instance?.ToString().ToLowerInvariant())
            .With("invocation", failure.Invocation);
    }
}
