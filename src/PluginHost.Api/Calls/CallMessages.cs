using System.Diagnostics;
using System.Globalization;
using Microsoft.Net.Http.Headers;
using PluginHost.Api.Endpoints;
using PluginHost.Api.Problems;
using PluginHost.Plugins;
using PluginHost.Plugins.Operations;

namespace PluginHost.Api.Calls;

/// <summary>Makes calls out of messages, by the same handlers that answer requests.</summary>
internal sealed class CallMessages(IServiceProvider services, ILogger<ProblemMiddleware> logger) : ICallMessages
{
    public async Task<CallAnswer> RunAsync(CallMessage message, bool isRepeatable, CancellationToken cancellation)
    {
        var record = new CallRecord(isCheck: false, isRepeatable);
        using var activity = message.Traceparent is { } parent && Activity.Current is null ? new Activity("operation").SetParentId(parent).Start() : null;
        var answer = await RunAsync(message, record, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return answer with { IsConclusive = record.IsConclusive, HasRun = record.HasRun, RetryAfter = record.RetryAfter };
    }

    /// <summary>What is wrong with a message; null where its guest could run.</summary>
    public async Task<CallAnswer?> CheckAsync(CallMessage message, CancellationToken cancellation)
    {
        var record = new CallRecord(isCheck: true, isRepeatable: false);
        var answer = await RunAsync(message, record, cancellation);
        return record.IsReady ? null : answer;
    }

    public CallAnswer Answer(PluginFailure failure)
    {
        using var json = new PooledJson();
        var problem = ProblemResult.Of(failure);
        problem.Write(json.Writer);
        return new CallAnswer(ProblemTable.Find(failure.Code).Status, ProblemResult.ContentType, null, json.ToArray());
    }

    private static CallHandler Handler(string action) => action switch
    {
        InvocationEndpoints.InvokeAction => InvocationEndpoints.AnswerInvokeAsync,
        InvocationEndpoints.BatchAction => InvocationEndpoints.AnswerBatchAsync,
        HandleEndpoint.Action => HandleEndpoint.AnswerAsync,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "No call has this action."),
    };

    private async Task<CallAnswer> RunAsync(CallMessage message, CallRecord record, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellation };
        var (request, response) = (context.Request, context.Response);

        request.Method = HttpMethods.Post;
        request.Path = $"/v1/plugins/{message.Plugin}/exports/{message.Export}/{message.Action}";
        request.QueryString = new QueryString(message.Query);
        request.ContentType = message.ContentType;
        request.ContentLength = message.Body.Length;
        request.Body = new MemoryStream(message.Body, writable: false);
        request.Headers[CallHeaders.Deadline] = message.DeadlineMilliseconds;
        request.Headers[CallHeaders.Affinity] = message.Affinity;
        response.Body = body;
        context.Features.Set(record);

        // What is not foreseen is a problem here as it is for a request.
        await new ProblemMiddleware(handled => Handler(message.Action)(message.Plugin, message.Export, handled), logger).InvokeAsync(context);
        await response.BodyWriter.FlushAsync(CancellationToken.None);

        return new CallAnswer(response.StatusCode, response.ContentType, response.Headers[CallHeaders.Version], body.ToArray())
        {
            RetryAfter = int.TryParse(response.Headers[HeaderNames.RetryAfter], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
