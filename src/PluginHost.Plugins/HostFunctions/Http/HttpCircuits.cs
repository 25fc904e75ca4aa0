using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>
/// One plugin's ways to each host: a request that failed on its way is repeated where that is safe, and a host that fails most of the time is left alone for
/// a while. Each plugin has its own, so that none can spoil a host for another.
/// </summary>
internal sealed class HttpCircuits
{
    /// <summary>How often the request may be repeated.</summary>
    public static readonly ResiliencePropertyKey<int> Retries = new("pluginhost.retries");

    private const int MaximumHosts = 64;
    private const int MaximumRetries = 5;

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines = new(StringComparer.Ordinal);

    public ResiliencePipeline<HttpResponseMessage> Of(Uri url)
    {
        // Behind a *.suffix there is no end of names: those beyond the limit share one.
        var authority = _pipelines.Count < MaximumHosts || _pipelines.ContainsKey(url.Authority) ? url.Authority : "";
        return _pipelines.GetOrAdd(authority, static _ => Make());
    }

    private static ResiliencePipeline<HttpResponseMessage> Make() => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = MaximumRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(2),
            UseJitter = true,
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.AttemptNumber < arguments.Context.Properties.GetValue(Retries, 0)
                && (IsLost(arguments.Outcome.Exception) || arguments.Outcome.Result is { StatusCode: System.Net.HttpStatusCode.BadGateway or System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.GatewayTimeout })),
            OnRetry = static arguments =>
            {
                arguments.Outcome.Result?.Dispose();
                return ValueTask.CompletedTask;
            },
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(10),
            ShouldHandle = static arguments => ValueTask.FromResult(IsLost(arguments.Outcome.Exception) || arguments.Outcome.Result is { StatusCode: >= System.Net.HttpStatusCode.InternalServerError }),
        })
        .Build();

    /// <summary>Whether the request failed on its way; one that may not go its way has not.</summary>
    private static bool IsLost(Exception? exception) => exception is HttpRequestException and not { InnerException: AddressRefusedException };
}
