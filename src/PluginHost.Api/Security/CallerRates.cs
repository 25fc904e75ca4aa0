using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>How often callers may come: each by its key, and those without one by their address.</summary>
internal sealed class CallerRates(IOptions<PluginHostOptions> options) : IDisposable
{
    /// <summary>Callers that are counted at one time. Beyond that those that come newly share one count, until others have been quiet.</summary>
    public const int MaximumCounted = 10_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly int? _rate = options.Value.Limits.RequestsPerSecond;
    private readonly int? _burst = options.Value.Limits.RequestBurst;
    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _callers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IPAddress, TokenBucketRateLimiter> _addresses = new();
    private readonly TokenBucketRateLimiter? _others = options.Value.Limits.RequestsPerSecond is { } rate ? Limiter(rate, options.Value.Limits.RequestBurst) : null;

    /// <summary>The counts that are kept.</summary>
    public int Counted => _callers.Count + _addresses.Count;

    /// <summary>Counts a request.</summary>
    /// <param name="caller">Null for one whose key is none.</param>
    /// <returns>How long the caller had better wait; null where the request may go on.</returns>
    public TimeSpan? Wait(Caller? caller, IPAddress? address)
    {
        var rate = caller?.RequestsPerSecond ?? _rate;

        if (rate is not { } limit)
            return null;

        var limiter = caller is { IsKnown: true }
            ? Find(_callers, caller.CountedAs, limit, caller.Burst ?? (caller.RequestsPerSecond is null ? _burst : null))
            : Find(_addresses, Network(address ?? IPAddress.None), limit, _burst);

        limiter.TryReplenish();
        using var lease = limiter.AttemptAcquire();

        if (lease.IsAcquired)
            return null;

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > Second ? after : Second;
    }

    public void Dispose()
    {
        _others?.Dispose();

        foreach (var limiter in _callers.Values.Concat(_addresses.Values))
            limiter.Dispose();
    }

    /// <summary>What one household or host has of IPv6 counts as one.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    // Without a timer: each request adds what has come together since the one before.
    private static TokenBucketRateLimiter Limiter(int rate, int? burst) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst ?? rate,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromTicks(Math.Max(1, TimeSpan.TicksPerSecond / rate)),
        AutoReplenishment = false,
        QueueLimit = 0,
    });

    private TokenBucketRateLimiter Find<TKey>(ConcurrentDictionary<TKey, TokenBucketRateLimiter> limiters, TKey key, int rate, int? burst)
        where TKey : notnull
    {
        if (limiters.TryGetValue(key, out var found))
            return found;

        if (limiters.Count >= MaximumCounted)
            ForgetQuiet(limiters);

        return limiters.Count < MaximumCounted || _others is null ? limiters.GetOrAdd(key, Limiter(rate, burst)) : _others;
    }

    /// <summary>Who has all its tokens again is as one that comes for the first time.</summary>
    private void ForgetQuiet<TKey>(ConcurrentDictionary<TKey, TokenBucketRateLimiter> limiters)
        where TKey : notnull
    {
        lock (_callers)
        {
            foreach (var (key, limiter) in limiters)
            {
                limiter.TryReplenish();

                if (limiter.IdleDuration is not null)
                    limiters.TryRemove(key, out _);
            }
        }
    }
}
