using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>Sends a guest's request and follows where it is sent on to, each step allowed by the grant and all of it within one time.</summary>
internal sealed class HttpExchange(IHttpClientFactory clients, TimeProvider clock)
{
    private static readonly ResiliencePropertyKey<TimeSpan> Timeout = new("pluginhost.timeout");

    private readonly ResiliencePipeline _limit = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = static arguments => ValueTask.FromResult(arguments.Context.Properties.GetValue(Timeout, TimeSpan.FromSeconds(10))) })
        .Build();

    /// <returns>The answer: its head's length (u32), its head as JSON, its body.</returns>
    public async Task<HostResult> SendAsync(HttpCircuits circuits, HttpPolicy policy, GuestRequest request, TimeSpan timeout, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(Timeout, timeout);

        try
        {
            return await _limit.ExecuteAsync(
                static (context, work) => work.Exchange.FollowAsync(work.Circuits, work.Policy, work.Request, context.CancellationToken),
                context,
                (Exchange: this, Circuits: circuits, Policy: policy, Request: request));
        }
        catch (TimeoutRejectedException)
        {
            return HostResult.Error(HostError.DeadlineExceeded, $"There was no whole answer within {timeout.TotalMilliseconds} ms.");
        }
        catch (BrokenCircuitException)
        {
            return HostResult.Error(HostError.Failed, "The host has failed too often lately; it is left alone for some seconds.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is AddressRefusedException refused)
        {
            return HostResult.Error(HostError.Denied, refused.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or NotSupportedException or UriFormatException)
        {
            return HostResult.Error(HostError.Failed, $"The request failed: {(exception.InnerException ?? exception).Message}");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HostResult> FollowAsync(HttpCircuits circuits, HttpPolicy policy, GuestRequest request, CancellationToken cancellation)
    {
        using var client = clients.CreateClient(policy.PrivateAddresses ? GuardedConnections.PrivateClient : GuardedConnections.PublicClient);

        for (var redirects = 0; ; redirects++)
        {
            if (policy.Refusal(request) is { } refusal)
                return HostResult.Error(HostError.Denied, refusal);

            using var answer = await SendOnceAsync(client, circuits.Of(request.Url), policy, request, cancellation);

            if (policy.Redirects == 0 || Location(request.Url, answer) is not { } location)
                return await ReadAsync(answer, policy.ResponseBytes, cancellation);

            if (redirects == policy.Redirects)
                return HostResult.Error(HostError.Failed, $"The request was redirected more than {policy.Redirects} times.");

            if (location.UserInfo.Length > 0)
                return HostResult.Error(HostError.Denied, "The request was redirected to a URL with a user name.");

            request = request.Redirected((int)answer.StatusCode, location);
        }
    }

    private static async Task<HttpResponseMessage> SendOnceAsync(
        HttpClient client, ResiliencePipeline<HttpResponseMessage> pipeline, HttpPolicy policy, GuestRequest request, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(HttpCircuits.Retries, request.IsIdempotent ? policy.Retries : 0);

        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, work) =>
                {
                    using var message = work.request.Message();
                    return await work.client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, context.CancellationToken);
                },
                context,
                (client, request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static Uri? Location(Uri origin, HttpResponseMessage answer) =>
        (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location && Uri.TryCreate(origin, location, out var target) && target.Host.Length > 0
            ? target
            : null;

    private static async Task<HostResult> ReadAsync(HttpResponseMessage answer, int maximum, CancellationToken cancellation)
    {
        // The answer to HEAD tells the length of a body that does not come.
        if (answer.Content.Headers.ContentLength > maximum && answer.RequestMessage?.Method != HttpMethod.Head)
            return TooLarge(maximum);

        var buffer = new ArrayBufferWriter<byte>();
        buffer.Advance(WriteHead(buffer.GetSpan(sizeof(uint)), 0));

        using (var json = new Utf8JsonWriter(buffer))
            Write(json, answer);

        var head = buffer.WrittenCount;
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);

        while (true)
        {
            var count = await body.ReadAsync(buffer.GetMemory(16 * 1024), cancellation);

            if (count == 0)
                break;

            buffer.Advance(count);

            if (buffer.WrittenCount - head > maximum)
                return TooLarge(maximum);
        }

        var bytes = buffer.WrittenSpan.ToArray();
        WriteHead(bytes, head - sizeof(uint));
        return HostResult.Taken(bytes);
    }

    private static int WriteHead(Span<byte> room, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)length);
        return sizeof(uint);
    }

    private static void Write(Utf8JsonWriter json, HttpResponseMessage answer)
    {
        json.WriteStartObject();
        json.WriteNumber("status"u8, (int)answer.StatusCode);
        json.WriteStartObject("headers"u8);

        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            json.WriteStartArray(name);

            foreach (var value in values)
                json.WriteStringValue(value);

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static HostResult TooLarge(int maximum) => HostResult.Error(HostError.LimitReached, $"The answer's body has more than {maximum} bytes.");
}
