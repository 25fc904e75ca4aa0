using Microsoft.Extensions.Options;
using PluginHost.Api.Calls;
using PluginHost.Api.OpenApi;
using PluginHost.Api.Problems;
using PluginHost.Api.Scalars;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Operations;

namespace PluginHost.Api.Endpoints;

/// <summary>Calls of exports.</summary>
internal static class InvocationEndpoints
{
    public const string InvokeAction = "invoke";
    public const string BatchAction = "batch";

    private const int MaximumBatch = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/plugins/{plugin}/exports/{export}/invoke", InvokeAsync)
            .WithTags("Invocations").WithSummary("Calls an export once.")
            .Accepts<Contracts.InvokeRequest>("application/json").Produces<Contracts.InvokeResponse>().WithProblems(400, 404, 409, 413, 415, 422, 429, 503, 504, 507).Produces<Operation>(StatusCodes.Status202Accepted)
            .WithDescription("Arguments stand in an array in their order, or in an object by the names of the plugin's manifest. Strings, bytes (as base64) and JSON pass where a manifest declares them; a handler of the SDK takes and gives one value of JSON or bytes.")
            .WithInvocationParameters().WithRequestExample("""{"args":[1,2]}""").WithResponseExample("""{"results":[3]}""").RequireScope(Scope.Invoke);
        routes.MapPost("/v1/plugins/{plugin}/exports/{export}/batch", BatchAsync)
            .WithTags("Invocations").WithSummary("Calls an export several times, in order.")
            .WithDescription("As application/x-ndjson each line of the request is the body of an invocation, and each line of the answer its result or its problem, in their order and as soon as it is there: as many as there are, each with its own deadline. Read while you send. A batch of application/json has at most 1,000 calls and one deadline; it is answered in lines too where Accept asks for that.")
            .Accepts<Contracts.BatchRequest>("application/json", CallLines.ContentType).Produces<Contracts.BatchResponse>().WithProblems(400, 404, 409, 413, 415, 422, 429, 503, 507).Produces<Operation>(StatusCodes.Status202Accepted)
            .WithLines(CallLines.ContentType).WithInvocationParameters().WithRequestExample("""{"calls":[[1,2],[3,4]]}""").WithResponseExample("""{"results":[{"results":[3]},{"results":[7]}]}""").RequireScope(Scope.Invoke);
    }

    private static Task InvokeAsync(string plugin, string export, HttpContext context) => DetachedCalls.Ask(context.Request)
        ? DetachedCalls.RunAsync(context, plugin, export, InvokeAction, AnswerInvokeAsync)
        : AnswerInvokeAsync(plugin, export, context);

    private static Task BatchAsync(string plugin, string export, HttpContext context)
    {
        if (CallLines.IsSent(context.Request))
            return CallLines.AnswerAsync(plugin, export, context);

        return DetachedCalls.Ask(context.Request) ? DetachedCalls.RunAsync(context, plugin, export, BatchAction, AnswerBatchAsync) : AnswerBatchAsync(plugin, export, context);
    }

    public static async Task AnswerInvokeAsync(string plugin, string export, HttpContext context)
    {
        var (request, problem) = await ReadAsync(context, plugin, export);

        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var target = request.Target;
        var values = new ulong[target.Type.Parameters.Length];
        var bytes = target.Signature.TakesBytes ? new ArgumentBytes() : null;

        if (await CallRequest.ReadBodyAsync(context, body => Invalid(ScalarReader.ReadInvocation(body, target.Signature, values, bytes), target)) is { } wrong)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        var results = new ulong[target.Type.Results.Length];
        var result = await request.InvokeAsync(context, new CallArguments(values, bytes?.Written ?? default), results, request.Deadline);

        if (!result.Succeeded)
        {
            await ProblemResult.Of(result.Failure, CallRequest.Signature(target)).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        request.Describe(context.Response, result);

        using var json = new PooledJson();
        ScalarWriter.WriteResults(json.Writer, target.Signature, results, result.Bytes.Span, request.Format);
        await json.SendAsync(context.Response, context.RequestAborted);
    }

    public static async Task AnswerBatchAsync(string plugin, string export, HttpContext context)
    {
        var (request, problem) = await ReadAsync(context, plugin, export);

        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        var target = request.Target;
        var calls = new List<CallArguments>();

        if (await CallRequest.ReadBodyAsync(context, body => Invalid(ScalarReader.ReadBatch(body, target.Signature, MaximumBatch, calls), target)) is { } wrong)
        {
            await wrong.ExecuteAsync(context);
            return;
        }

        var results = new ulong[target.Type.Results.Length];

        // One deadline for all: a request takes no longer for having many calls in it.
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        var begin = clock.GetTimestamp();
        var limit = request.Deadline is { } own && own < target.Deadline ? own : target.Deadline;

        if (CallLines.IsWanted(context.Request))
        {
            using var lines = new CallLines(context, request);

            foreach (var arguments in calls)
                await lines.CallAsync(arguments, limit - clock.GetElapsedTime(begin));

            await lines.FlushAsync();
            return;
        }

        var maximum = context.RequestServices.GetRequiredService<IOptions<PluginHostOptions>>().Value.Limits.BodyBytes;
        using var json = new PooledJson();
        json.Writer.WriteStartObject();
        json.Writer.WriteStartArray("results"u8);

        foreach (var arguments in calls)
        {
            var result = await request.InvokeAsync(context, arguments, results, limit - clock.GetElapsedTime(begin));
            context.RequestAborted.ThrowIfCancellationRequested();

            // A call may answer with as much as a body has; all of them together with twice that.
            if (result.Bytes.Length > 0 && json.Writer.BytesCommitted + json.Writer.BytesPending + result.Bytes.Length > 2L * maximum)
                TooMuch().Write(json.Writer);
            else if (result.Succeeded)
                ScalarWriter.WriteResults(json.Writer, target.Signature, results, result.Bytes.Span, request.Format);
            else
                ProblemResult.Of(result.Failure, CallRequest.Signature(target)).Write(json.Writer);
        }

        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
        context.Response.ContentType = "application/json";
        request.DescribeVersion(context.Response);
        await json.SendAsync(context.Response, context.RequestAborted);
    }

    private static ValueTask<(CallRequest Request, ProblemResult? Problem)> ReadAsync(HttpContext context, string plugin, string export) => IsJson(context.Request)
        ? CallRequest.ReadAsync(context, plugin, export)
        : new((default, new ProblemResult(415, "unsupported-media-type", "Unsupported media type", "Arguments are application/json.")));

    /// <summary>What nearly all send needs no parser.</summary>
    private static bool IsJson(HttpRequest request) => string.Equals(request.ContentType, "application/json", StringComparison.OrdinalIgnoreCase) || request.HasJsonContentType();

    internal static ProblemResult? Invalid(ScalarError? error, InvocationTarget target) => error is null
        ? null
        : new(
            Contracts.Problem.Of(StatusCodes.Status400BadRequest, error.Code, "Invalid arguments", error.Detail) with
            {
                Pointer = error.Pointer,
                Signature = CallRequest.Signature(target),
            });

    private static ProblemResult TooMuch() => new(413, "batch-too-large", "Batch too large", "The results before this one take all the room that an answer has. The call was made.");
}
