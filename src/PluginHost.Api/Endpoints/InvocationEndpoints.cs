using System.Buffers;
using System.Globalization;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Scalars;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Api.Endpoints;

/// <summary>Calls of exports.</summary>
internal static class InvocationEndpoints
{
    private const int MaximumBodyBytes = 1024 * 1024;
    private const int MaximumBatch = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/plugins/{plugin}/exports/{export}/invoke", InvokeAsync)
            .WithTags("Invocations").WithSummary("Calls an export once.")
            .Accepts<Contracts.InvokeRequest>("application/json").Produces<Contracts.InvokeResponse>().WithProblems(400, 404, 413, 415, 422, 429, 503, 504, 507)
            .WithInvocationParameters().WithRequestExample("""{"args":[1,2]}""").WithResponseExample("""{"results":[3]}""");
        routes.MapPost("/v1/plugins/{plugin}/exports/{export}/batch", BatchAsync)
            .WithTags("Invocations").WithSummary("Calls an export several times, in order.")
            .Accepts<Contracts.BatchRequest>("application/json").Produces<Contracts.BatchResponse>().WithProblems(400, 404, 413, 415, 422)
            .WithInvocationParameters().WithRequestExample("""{"calls":[[1,2],[3,4]]}""").WithResponseExample("""{"results":[{"results":[3]},{"results":[7]}]}""");
    }

    private static async Task InvokeAsync(string plugin, string export, HttpContext context)
    {
        var (request, problem) = await ReadAsync(context, plugin, export);

        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var (target, deadline, format) = request;
        var arguments = new ulong[target.Type.Parameters.Length];

        if (await ReadBodyAsync(context, target, body => ScalarReader.ReadInvocation(body, target.Type, arguments)) is { } wrong)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        var results = new ulong[target.Type.Results.Length];
        var invoker = context.RequestServices.GetRequiredService<Invoker>();
        var result = await invoker.InvokeAsync(target, arguments, results, deadline, context.RequestAborted);

        if (!result.Succeeded)
        {
            await ProblemResult.Of(result.Failure, Signature(target)).ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers["PluginHost-Version"] = target.Ordinal.ToString(CultureInfo.InvariantCulture);
        response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture, $"queue;dur={result.Queued.TotalMilliseconds:0.###}, exec;dur={result.Executed.TotalMilliseconds:0.###}");

        using var json = new PooledJson();
        ScalarWriter.WriteResults(json.Writer, target.Type, results, format);
        await json.SendAsync(response, context.RequestAborted);
    }

    private static async Task BatchAsync(string plugin, string export, HttpContext context)
    {
        var (request, problem) = await ReadAsync(context, plugin, export);

        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var (target, deadline, format) = request;
        var calls = new List<ulong[]>();

        if (await ReadBodyAsync(context, target, body => ScalarReader.ReadBatch(body, target.Type, MaximumBatch, calls)) is { } wrong)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        var invoker = context.RequestServices.GetRequiredService<Invoker>();
        var results = new ulong[target.Type.Results.Length];

        // One deadline for all: a request takes no longer for having many calls in it.
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        var begin = clock.GetTimestamp();
        var limit = deadline < target.Deadline ? deadline.Value : target.Deadline;
        using var json = new PooledJson();
        json.Writer.WriteStartObject();
        json.Writer.WriteStartArray("results"u8);

        foreach (var arguments in calls)
        {
            var result = await invoker.InvokeAsync(target, arguments, results, limit - clock.GetElapsedTime(begin), context.RequestAborted);
            context.RequestAborted.ThrowIfCancellationRequested();

            if (result.Succeeded)
                ScalarWriter.WriteResults(json.Writer, target.Type, results, format);
            else
                ProblemResult.Of(result.Failure, Signature(target)).Write(json.Writer);
        }

        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
        context.Response.ContentType = "application/json";
        context.Response.Headers["PluginHost-Version"] = target.Ordinal.ToString(CultureInfo.InvariantCulture);
        await json.SendAsync(context.Response, context.RequestAborted);
    }

    private static async ValueTask<((InvocationTarget Target, TimeSpan? Deadline, ScalarFormat Format) Request, ProblemResult? Problem)> ReadAsync(HttpContext context, string plugin, string export)
    {
        var request = context.Request;

        if (!request.HasJsonContentType())
            return (default, new ProblemResult(415, "unsupported-media-type", "Unsupported media type", "Arguments are application/json."));

        TimeSpan? deadline = null;

        if (request.Headers.TryGetValue("PluginHost-Deadline-Ms", out var text))
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
        var target = await invoker.ResolveAsync(plugin, version, export, context.RequestAborted);

        return target.Succeeded ? ((target.Value, deadline, format), null) : (default, ProblemResult.Of(target.Failure));
    }

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

    /// <summary>Reads the whole body and gives it to a reader while it is still in the pipe's own memory.</summary>
    private static async ValueTask<ProblemResult?> ReadBodyAsync(HttpContext context, InvocationTarget target, BodyReader read)
    {
        var pipe = context.Request.BodyReader;

        if (context.Request.ContentLength > MaximumBodyBytes)
            return TooLarge();

        while (true)
        {
            var part = await pipe.ReadAsync(context.RequestAborted);

            if (part.Buffer.Length > MaximumBodyBytes)
            {
                pipe.AdvanceTo(part.Buffer.End);
                return TooLarge();
            }

            if (!part.IsCompleted)
            {
                pipe.AdvanceTo(part.Buffer.Start, part.Buffer.End);
                continue;
            }

            var error = part.Buffer.IsSingleSegment ? read(part.Buffer.FirstSpan) : read(part.Buffer.ToArray());
            pipe.AdvanceTo(part.Buffer.End);

            return error is null ? null : Invalid(error, target);
        }
    }

    internal static ProblemResult Invalid(ScalarError error, InvocationTarget target) => new(
        Contracts.Problem.Of(StatusCodes.Status400BadRequest, error.Code, "Invalid arguments", error.Detail) with
        {
            Pointer = error.Pointer,
            Signature = Signature(target),
        });

    internal static string Signature(InvocationTarget target) => $"{target.Export}{target.Type}";

    private static ProblemResult TooLarge() => new(413, "body-too-large", "Body too large", $"The body of an invocation has at most {MaximumBodyBytes} bytes.");

    private delegate ScalarError? BodyReader(ReadOnlySpan<byte> body);
}
