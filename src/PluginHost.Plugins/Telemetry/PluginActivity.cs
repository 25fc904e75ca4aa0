using System.Collections.Concurrent;

namespace PluginHost.Plugins.Telemetry;

/// <summary>What plugins did lately, for whoever has no Prometheus to look at. Of a plugin that was never invoked nothing is kept, and of the others a quarter of an hour.</summary>
public sealed class PluginActivity
{
    /// <summary>The samples of a plugin that are kept.</summary>
    public const int MaximumSamples = 180;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly PluginRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<PluginEntry, History> _histories = new();
    private long _last;

    internal PluginActivity(PluginRegistry registry, TimeProvider clock)
    {
        _registry = registry;
        _clock = clock;
        _last = clock.GetTimestamp();
    }

    /// <summary>A plugin's samples, the oldest first.</summary>
    public IReadOnlyList<ActivitySample> Of(string plugin)
    {
        if (_registry.Find(plugin) is not { Succeeded: true, Value: var entry } || !_histories.TryGetValue(entry, out var history))
            return [];

        lock (history)
            return [.. history.Samples];
    }

    /// <summary>Looks at all plugins, where it is time to.</summary>
    internal void Look()
    {
        var elapsed = _clock.GetElapsedTime(_last);

        if (elapsed < Interval)
            return;

        _last = _clock.GetTimestamp();
        var now = _clock.GetUtcNow();

        foreach (var entry in _registry.All)
        {
            if (entry.Counters.Invocations > 0)
                _histories.GetOrAdd(entry, _ => new History()).Add(entry, now, elapsed);
        }

        // What was deleted is forgotten; a new plugin of the same name is another entry.
        foreach (var entry in _histories.Keys)
        {
            if (_registry.Find(entry.Name) is not { Succeeded: true, Value: var present } || !ReferenceEquals(present, entry))
                _histories.TryRemove(entry, out _);
        }
    }

    private sealed class History
    {
        private long[] _counts = [];
        private long _invocations;
        private long _succeeded;

        public Queue<ActivitySample> Samples { get; } = new();

        public void Add(PluginEntry entry, DateTimeOffset now, TimeSpan elapsed)
        {
            var counters = entry.Counters;
            var (succeeded, invocations, counts) = (counters.Succeeded, counters.Invocations, counters.Execution.Counts());
            var pools = entry.LoadedVersions.Select(version => version.Pool.Statistics()).ToList();
            var between = _counts.Length == 0 ? counts : counts.Select((count, bucket) => count - _counts[bucket]).ToArray();
            var ran = between.Sum();

            double Percentile(double share) => ran == 0 ? 0 : LatencyHistogram.Percentile(between, ran, share);

            var sample = new ActivitySample(
                now,
                (invocations - _invocations) / elapsed.TotalSeconds,
                Math.Max(0, invocations - _invocations - (succeeded - _succeeded)) / elapsed.TotalSeconds,
                Percentile(0.50),
                Percentile(0.90),
                Percentile(0.99),
                pools.Sum(pool => pool.MemoryBytes),
                pools.Sum(pool => pool.Instances),
                pools.Sum(pool => pool.Busy),
                pools.Sum(pool => pool.Queued));

            (_counts, _invocations, _succeeded) = (counts, invocations, succeeded);

            lock (this)
            {
                if (Samples.Count == MaximumSamples)
                    Samples.Dequeue();

                Samples.Enqueue(sample);
            }
        }
    }
}
