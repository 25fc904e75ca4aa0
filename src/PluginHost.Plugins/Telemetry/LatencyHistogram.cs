using System.Numerics;

namespace PluginHost.Plugins.Telemetry;

/// <summary>
/// Counts durations in buckets whose width grows with their value: sixteen for each power of two, so a percentile is off by a sixteenth at most. Adding
/// takes no lock.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 4;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int MaximumExponent = 40;

    private readonly long[] _counts = new long[(MaximumExponent - SubBucketBits + 2) * SubBuckets];
    private long _sum;
    private long _maximum;

    public void Add(TimeSpan duration)
    {
        var ticks = Math.Clamp(duration.Ticks, 0, (1L << MaximumExponent) - 1);

        Interlocked.Increment(ref _counts[Bucket(ticks)]);
        Interlocked.Add(ref _sum, ticks);

        for (var maximum = Interlocked.Read(ref _maximum); ticks > maximum;)
        {
            var seen = Interlocked.CompareExchange(ref _maximum, ticks, maximum);

            if (seen == maximum)
                break;

            maximum = seen;
        }
    }

    public LatencySummary Summarize()
    {
        var counts = Counts();
        var total = counts.Sum();

        if (total == 0)
            return new LatencySummary(0, 0, 0, 0, 0, 0);

        var maximum = Interlocked.Read(ref _maximum);

        return new LatencySummary(
            total,
            Milliseconds((double)Interlocked.Read(ref _sum) / total),
            Percentile(counts, total, 0.50, maximum),
            Percentile(counts, total, 0.90, maximum),
            Percentile(counts, total, 0.99, maximum),
            Milliseconds(maximum));
    }

    /// <summary>How many there are in each bucket.</summary>
    public long[] Counts()
    {
        var counts = new long[_counts.Length];

        for (var bucket = 0; bucket < counts.Length; bucket++)
            counts[bucket] = Interlocked.Read(ref _counts[bucket]);

        return counts;
    }

    /// <summary>A percentile in milliseconds.</summary>
    /// <param name="counts">As <see cref="Counts"/> gives them, or the difference of two such.</param>
    /// <param name="maximum">In ticks; nothing took longer.</param>
    public static double Percentile(long[] counts, long total, double share, long maximum = long.MaxValue)
    {
        var rank = (long)Math.Ceiling(total * share);
        long seen = 0;

        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];

            if (seen >= rank)
                return Milliseconds(Math.Min(UpperEnd(bucket), maximum));
        }

        return Milliseconds(maximum);
    }

    private static double Milliseconds(double ticks) => ticks / TimeSpan.TicksPerMillisecond;

    private static int Bucket(long ticks)
    {
        if (ticks < SubBuckets)
            return (int)ticks;

        var exponent = BitOperations.Log2((ulong)ticks);
        var sub = (int)(ticks >> (exponent - SubBucketBits)) & (SubBuckets - 1);
        return ((exponent - SubBucketBits + 1) * SubBuckets) + sub;
    }

    private static long UpperEnd(int bucket)
    {
        if (bucket < SubBuckets)
            return bucket;

        var shift = (bucket / SubBuckets) - 1;
        return ((long)((bucket % SubBuckets) + SubBuckets + 1) << shift) - 1;
    }
}
