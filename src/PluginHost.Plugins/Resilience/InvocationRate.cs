using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace PluginHost.Plugins.Resilience;

/// <summary>How often a plugin may be invoked, by whomever.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Without a timer a limiter holds nothing to give back, and disposed it would fail invocations that are on their way.")]
internal sealed class InvocationRate(int perSecond, int burst)
{
    // Without a timer: each invocation adds what has come together since the one before.
    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromTicks(Math.Max(1, TimeSpan.TicksPerSecond / perSecond)),
        AutoReplenishment = false,
        QueueLimit = 0,
    });

    public int PerSecond => perSecond;

    /// <summary>Counts an invocation.</summary>
    /// <returns>When to come again; null where it may run.</returns>
    public TimeSpan? Wait()
    {
        _limiter.TryReplenish();
        using var lease = _limiter.AttemptAcquire();

        if (lease.IsAcquired)
            return null;

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
    }
}
