using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PluginHost.Api.Problems;

namespace PluginHost.Api.Endpoints;

/// <summary>Reads what a change is to be, where it is JSON.</summary>
internal static class JsonBody
{
    /// <param name="subject">What the body is, as a sentence about it begins: <c>The configuration</c>.</param>
    /// <param name="unsupported">What is said of another content type.</param>
    /// <returns>The value, which is null where the body says so; or why it cannot be read.</returns>
    public static async ValueTask<(T? Value, ProblemResult? Problem)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, string subject, string unsupported)
        where T : class
    {
        if (!request.HasJsonContentType())
            return (null, new ProblemResult(415, "unsupported-media-type", "Unsupported media type", unsupported));

        try
        {
            return (await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted), null);
        }
        catch (JsonException exception)
        {
            return (null, new ProblemResult(400, "malformed-json", "Malformed JSON", $"{subject} cannot be read: {exception.Message}"));
        }
    }
}
