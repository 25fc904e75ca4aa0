using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Options;
using PluginHost.Api.Calls;
using PluginHost.Api.Problems;
using PluginHost.Api.Scalars;
using PluginHost.Plugins;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Api.Endpoints;

/// <summary>What every request that calls a function says beside its body.</summary>
/// <param name="Deadline">The caller's own; null for the plugin's.</param>
/// <param name="Record">Of a call that is made from a message; null of one that a request makes itself.</param>
internal readonly record struct CallRequest(InvocationTarget Target, TimeSpan? Deadline, ScalarFormat Format, CallRecord? Record)
{
    public static async ValueTask<(CallRequest Request, ProblemResult? Problem)> ReadAsync(HttpContext context, string plugin, string export)
    {
        var request = context.Request;
        TimeSpan? deadline = null;

        if (request.Headers.TryGetValue(CallHeaders.Deadline, out var text))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds == 0)
                return (default, new ProblemResult(400, "invalid-deadline", "Invalid deadline", "PluginHost-Deadline-Ms is a whole number of milliseconds, at least 1."));

            deadline = TimeSpan.FromMilliseconds(milliseconds);
        }

        string? version = null;
        var format = default(ScalarFormat);

        if (request.QueryString.HasValue && ReadQuery(request.Query, out version, out format) is { } wrong)
            return (default, wrong);

        var invoker = context.RequestServices.GetRequiredService<Invoker>();
        var target = await invoker.ResolveAsync(plugin, version, export, request.Headers.TryGetValue(CallHeaders.Affinity, out var affinity) ? affinity.ToString() : null, context.RequestAborted);

        return target.Succeeded ? (new CallRequest(target.Value, deadline, format, context.Features.Get<CallRecord>()), null) : (default, ProblemResult.Of(target.Failure));
    }

    /// <summary>Reads the whole body and gives it to a reader while it is still in the pipe's own memory.</summary>
    public static async ValueTask<ProblemResult?> ReadBodyAsync(HttpContext context, BodyReader read)
    {
        var pipe = context.Request.BodyReader;
        var maximum = context.RequestServices.GetRequiredService<IOptions<PluginHostOptions>>().Value.Limits.BodyBytes;

        if (context.Request.ContentLength > maximum)
            return TooLarge(maximum);

        while (true)
        {
            var part = await pipe.ReadAsync(context.RequestAborted);

            if (part.Buffer.Length > maximum)
            {
                pipe.AdvanceTo(part.Buffer.End);
                return TooLarge(maximum);
            }

            if (!part.IsCompleted)
            {
                pipe.AdvanceTo(part.Buffer.Start, part.Buffer.End);
                continue;
            }

            var problem = part.Buffer.IsSingleSegment ? read(part.Buffer.FirstSpan) : read(part.Buffer.ToArray());
            pipe.AdvanceTo(part.Buffer.End);
            return problem;
        }
    }

    /// <summary>Runs the guest.</summary>
    /// <param name="deadline">The call's own, which may be less than the request's.</param>
    public ValueTask<InvocationResult> InvokeAsync(HttpContext context, CallArguments arguments, Memory<ulong> results, TimeSpan? deadline)
    {
        var invoker = context.RequestServices.GetRequiredService<Invoker>();
        return Record is null
            ? invoker.InvokeAsync(Target, arguments, results, deadline, context.RequestAborted)
            : Record.InvokeAsync(invoker, Target, arguments, results, deadline, context.RequestAborted);
    }

    /// <summary>Says with the answer which version gave it, and how long it took.</summary>
    public void Describe(HttpResponse response, InvocationResult result)
    {
        DescribeVersion(response);
        response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture, $"queue;dur={result.Queued.TotalMilliseconds:0.###}, exec;dur={result.Executed.TotalMilliseconds:0.###}");
    }

    /// <summary>Says which version answers.</summary>
    public void DescribeVersion(HttpResponse response) => response.Headers[CallHeaders.Version] = Target.Ordinal.ToString(CultureInfo.InvariantCulture);

    /// <summary>The function's name and what it takes and gives.</summary>
    public static string Signature(InvocationTarget target) => $"{target.Export}{target.Signature}";

    /// <summary>A misspelt choice would change results without a word, so only what there is goes through.</summary>
    private static ProblemResult? ReadQuery(IQueryCollection query, out string? version, out ScalarFormat format)
    {
        var (int64, number) = (query["int64"], query["float"]);
        string?[] selectors = [.. query["version"], .. query["alias"]];

        version = selectors.FirstOrDefault();
        format = new ScalarFormat(int64 == "number", number == "bits");

        if (int64.Count > 0 && !format.Int64AsNumber && int64 != "string")
            return InvalidParameter($"int64 is 'string' or 'number', not '{int64}'.");

        if (number.Count > 0 && !format.FloatAsBits && number != "number")
            return InvalidParameter($"float is 'number' or 'bits', not '{number}'.");

        return selectors.Length > 1 ? InvalidParameter("One of version and alias selects a version, once.") : null;
    }

    private static ProblemResult InvalidParameter(string detail) => new(400, "invalid-parameter", "Invalid parameter", detail);

    private static ProblemResult TooLarge(int maximum) =>
        new(413, "body-too-large", "Body too large", $"The body of an invocation has at most {maximum} bytes (PluginHost:Limits:BodyBytes).");

    /// <returns>Why the body cannot be used, or null.</returns>
    internal delegate ProblemResult? BodyReader(ReadOnlySpan<byte> body);
}
