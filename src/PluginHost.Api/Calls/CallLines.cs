using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using PluginHost.Api.Endpoints;
using PluginHost.Api.Problems;
using PluginHost.Api.Scalars;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Api.Calls;

/// <summary>
/// Calls of one export as lines of JSON (application/x-ndjson): each line of the request is the body of an invocation, each of the answer its result or its
/// problem, in their order and as soon as it is there. Of both no more is held than a line, however many there are.
/// </summary>
internal sealed class CallLines : IDisposable
{
    public const string ContentType = "application/x-ndjson";

    private const int FlushBytes = 16 * 1024;

    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpContext _context;
    private readonly CallRequest _request;
    private readonly Utf8JsonWriter _writer;
    private readonly ulong[] _values;
    private readonly ulong[] _results;

    /// <summary>Begins the answer.</summary>
    public CallLines(HttpContext context, CallRequest request)
    {
        _context = context;
        _request = request;
        _writer = new Utf8JsonWriter(context.Response.BodyWriter, Format);
        _values = new ulong[request.Target.Type.Parameters.Length];
        _results = new ulong[request.Target.Type.Results.Length];
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        request.DescribeVersion(context.Response);
    }

    public static bool IsSent(HttpRequest request) => request.ContentType?.Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    public static bool IsWanted(HttpRequest request) => request.Headers.Accept.Any(accept => accept?.Contains(ContentType, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Answers a request that is lines itself.</summary>
    public static async Task AnswerAsync(string plugin, string export, HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(CallHeaders.IdempotencyKey))
        {
            await new ProblemResult(400, "idempotency-not-supported", "Idempotency key not supported", "The answer to lines is not kept, so they take no Idempotency-Key. Send each call by itself, or a batch as application/json.").ExecuteAsync(context);
            return;
        }

        var (request, problem) = await CallRequest.ReadAsync(context, plugin, export);

        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        using var lines = new CallLines(context, request);
        await lines.RunAsync();
    }

    /// <summary>Makes the next call and writes its line.</summary>
    public async ValueTask CallAsync(CallArguments arguments, TimeSpan? deadline)
    {
        var result = await _request.InvokeAsync(_context, arguments, _results, deadline);

        _context.RequestAborted.ThrowIfCancellationRequested();

        if (result.Succeeded)
            ScalarWriter.WriteResults(_writer, _request.Target.Signature, _results, result.Bytes.Span, _request.Format);
        else
            ProblemResult.Of(result.Failure, CallRequest.Signature(_request.Target)).Write(_writer);

        await EndLineAsync();
    }

    public async Task FlushAsync() => await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);

    public void Dispose() => _writer.Dispose();

    private async Task RunAsync()
    {
        var pipe = _context.Request.BodyReader;
        var maximum = _context.RequestServices.GetRequiredService<IOptions<PluginHostOptions>>().Value.Limits.BodyBytes;
        var callers = _context.RequestServices.GetRequiredService<CallerDirectory>();
        var caller = (Caller)_context.User;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_context.RequestAborted, _context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

        // What limits other bodies is how much of them is held.
        if (_context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;

        try
        {
            while (true)
            {
                var part = await pipe.ReadAsync(ending.Token);
                var rest = part.Buffer;

                while (TryTakeLine(ref rest, part.IsCompleted, out var line))
                {
                    ending.Token.ThrowIfCancellationRequested();

                    if (line.Length > maximum)
                        await WriteAsync(TooLong(maximum));
                    else if (!IsBlank(line))
                        await CallLineAsync(line);

                    // A key that was revoked meanwhile makes no further call.
                    if (!callers.Counts(caller))
                    {
                        await WriteAsync(new ProblemResult(401, "unauthenticated", "Unauthenticated", "The key has expired or was revoked; the lines behind this one were not read."));
                        return;
                    }
                }

                // Whoever waits for a result before sending the next line gets it.
                await FlushAsync();

                if (part.IsCompleted)
                    return;

                if (rest.Length > maximum)
                {
                    pipe.AdvanceTo(rest.End);
                    await WriteAsync(TooLong(maximum));
                    return;
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        catch (OperationCanceledException) when (!_context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(new ProblemResult(503, "draining", "Draining", "The server is stopping; the lines behind this one were not read."));
        }
    }

    private async ValueTask CallLineAsync(ReadOnlySequence<byte> line)
    {
        var bytes = _request.Target.Signature.TakesBytes ? new ArgumentBytes() : null;
        var text = line.IsSingleSegment ? line.First : line.ToArray();

        if (InvocationEndpoints.Invalid(ScalarReader.ReadInvocation(text.Span, _request.Target.Signature, _values, bytes), _request.Target) is { } wrong)
            await WriteAsync(wrong);
        else
            await CallAsync(new CallArguments(_values, bytes?.Written ?? default), _request.Deadline);
    }

    private ValueTask WriteAsync(ProblemResult problem)
    {
        problem.Write(_writer);
        return EndLineAsync();
    }

    private async ValueTask EndLineAsync()
    {
        _writer.Flush();
        _writer.Reset();
        _context.Response.BodyWriter.Write("\n"u8);

        if (_context.Response.BodyWriter.UnflushedBytes > FlushBytes)
            await FlushAsync();
    }

    /// <summary>Takes a line off the front; what stands behind the last line break is one at the end of the body only.</summary>
    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;

        if (!isLast || rest.IsEmpty)
            return false;

        rest = rest.Slice(rest.End);
        return true;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r"u8))
                return false;
        }

        return true;
    }

    private static ProblemResult TooLong(int maximum) =>
        new(413, "body-too-large", "Body too large", $"A line has at most {maximum} bytes (PluginHost:Limits:BodyBytes). The lines behind one that is cut off were not read.");
}
