using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using PluginHost.Api.Endpoints;
using PluginHost.Api.Problems;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Operations;

namespace PluginHost.Api.Calls;

/// <summary>
/// Calls that are more than a request and its answer: those with an idempotency key, and those that nobody waits for. They are kept as messages, and made out of
/// these.
/// </summary>
internal static class DetachedCalls
{
    private const int MaximumKey = 255;

    /// <summary>Whether a request is one of them. Nearly none is, and the others pay for two looks.</summary>
    public static bool Ask(HttpRequest request) => request.Headers.ContainsKey(CallHeaders.IdempotencyKey) || request.Headers.ContainsKey(CallHeaders.Prefer);

    /// <param name="handler">What answers the request where it asks for nothing special after all.</param>
    public static async Task RunAsync(HttpContext context, string plugin, string export, string action, CallHandler handler)
    {
        var preferences = CallPreferences.Of(context.Request);
        var name = context.Request.Headers[CallHeaders.IdempotencyKey];

        if (!preferences.RespondAsync && name.Count == 0)
        {
            await handler(plugin, export, context);
            return;
        }

        if (name.Count > 0 && !TryRead(name.ToString(), out name))
        {
            await new ProblemResult(400, "invalid-idempotency-key", "Invalid idempotency key", $"Idempotency-Key is one text of 1 to {MaximumKey} visible ASCII characters, with or without quotation marks.").ExecuteAsync(context);
            return;
        }

        byte[] body = [];

        if (await CallRequest.ReadBodyAsync(context, received => Keep(received, out body)) is { } wrong)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        var message = Message(context.Request, plugin, export, action, body);
        var caller = ((Caller)context.User).CountedAs;
        var key = name.Count == 0 ? null : new IdempotencyKey(plugin, caller, name.ToString(), Fingerprint(message, preferences.RespondAsync));

        await (preferences.RespondAsync ? BeginAsync(context, message, caller, key, preferences.Wait) : RunOnceAsync(context, message, key!));
    }

    /// <summary>Answers with what a call was answered with.</summary>
    public static async Task SendAsync(HttpContext context, CallAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;

        if (answer.Version is { } version)
            response.Headers[CallHeaders.Version] = version;

        if (answer.RetryAfter is { } after)
            response.Headers.RetryAfter = Math.Max((int)Math.Ceiling(after.TotalSeconds), 1).ToString(CultureInfo.InvariantCulture);

        // It may be a plugin's page, which is not the server's.
        response.Headers.ContentSecurityPolicy = "sandbox";

        if (answer.Status == StatusCodes.Status204NoContent)
            return;

        response.ContentLength = answer.Body.Length;
        await response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static async Task RunOnceAsync(HttpContext context, CallMessage message, IdempotencyKey key)
    {
        var operations = context.RequestServices.GetRequiredService<PluginOperations>();
        var (answer, isRepeated) = await operations.RunOnceAsync(message, key, context.RequestAborted);

        if (!answer.Succeeded)
        {
            await ProblemResult.Of(answer.Failure).ExecuteAsync(context);
            return;
        }

        if (isRepeated)
            context.Response.Headers[CallHeaders.Replayed] = "true";

        await SendAsync(context, answer.Value);
    }

    private static async Task BeginAsync(HttpContext context, CallMessage message, string caller, IdempotencyKey? key, TimeSpan? wait)
    {
        var calls = context.RequestServices.GetRequiredService<CallMessages>();
        var operations = context.RequestServices.GetRequiredService<PluginOperations>();

        // What can be said at once is not left for later.
        if (await calls.CheckAsync(message, context.RequestAborted) is { } wrong)
        {
            await SendAsync(context, wrong);
            return;
        }

        var begun = await operations.BeginAsync(message, caller, key, context.RequestAborted);

        if (!begun.Succeeded)
        {
            await ProblemResult.Of(begun.Failure).ExecuteAsync(context);
            return;
        }

        var operation = begun.Value;

        if (wait is { } longest)
        {
            var waited = await operations.WaitAsync(message.Plugin, operation.Id, caller, longest, context.RequestAborted);

            if (waited is { Succeeded: true, Value.IsGoing: false } && operations.Answer(message.Plugin, operation.Id, caller) is { Succeeded: true, Value: var answer })
            {
                await SendAsync(context, answer);
                return;
            }

            operation = waited.Succeeded ? waited.Value : operation;
        }

        context.Response.Headers[CallHeaders.PreferenceApplied] = "respond-async";
        context.Response.Headers.Location = OperationEndpoints.Path(operation);
        context.Response.Headers.RetryAfter = "1";
        await TypedResults.Json(operation, ApiJsonContext.Default.Operation, statusCode: StatusCodes.Status202Accepted).ExecuteAsync(context);
    }

    private static CallMessage Message(HttpRequest request, string plugin, string export, string action, byte[] body) => new(
        plugin,
        export,
        action,
        request.QueryString.Value ?? "",
        request.ContentType,
        Header(request, CallHeaders.Deadline),
        Header(request, CallHeaders.Affinity),
        Header(request, HeaderNames.TraceParent),
        body);

    private static string? Header(HttpRequest request, string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private static ProblemResult? Keep(ReadOnlySpan<byte> received, out byte[] body)
    {
        body = received.ToArray();
        return null;
    }

    /// <summary>A structured field's string or, as many write it, the text itself.</summary>
    private static bool TryRead(string header, out Microsoft.Extensions.Primitives.StringValues key)
    {
        var text = header is ['"', .. var quoted, '"'] ? quoted : header;
        key = text;
        return text.Length is > 0 and <= MaximumKey && text.All(character => character is > ' ' and <= '~');
    }

    /// <summary>All that makes a request another one. Each part is written with its length, so that no two requests run together to the same bytes.</summary>
    private static byte[] Fingerprint(CallMessage message, bool isAsync)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        foreach (var part in (string?[])[message.Export, message.Action, message.Query, message.ContentType, isAsync ? "async" : ""])
        {
            var bytes = Encoding.UTF8.GetBytes(part ?? "");
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        hash.AppendData(message.Body);
        return hash.GetHashAndReset();
    }
}
