namespace PluginHost.Plugins.Telemetry;

/// <summary>A plugin's last lines, and those who follow them. A guest's thread adds to it and must never wait for a reader.</summary>
/// <param name="capacity">The lines that are kept.</param>
/// <param name="characters">What all of them may have together.</param>
internal sealed class PluginLog(int capacity, int followers, long characters = long.MaxValue)
{
    private const int SubscriptionCapacity = 1_024;

    private readonly Lock _gate = new();
    private readonly Queue<PluginLogLine> _lines = new();
    private readonly List<LogSubscription> _subscriptions = [];
    private long _sequence;
    private long _size;
    private long _dropped;
    private bool _closed;

    /// <summary>The lines written so far, those that are no longer kept included.</summary>
    public long Written
    {
        get
        {
            lock (_gate)
                return _sequence;
        }
    }

    /// <summary>The bytes that guests wrote beyond their limit.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void CountDropped(long bytes) => Interlocked.Add(ref _dropped, bytes);

    public void Add(DateTimeOffset time, string stream, long invocation, int version, long instance, string text, string? level = null, string? attributes = null)
    {
        lock (_gate)
        {
            var line = new PluginLogLine(++_sequence, time, stream, invocation, version, instance, text, level, attributes);

            _lines.Enqueue(line);
            _size += line.Size;

            while (_lines.Count > capacity || (_size > characters && _lines.Count > 1))
                _size -= _lines.Dequeue().Size;

            foreach (var subscription in _subscriptions)
                subscription.Offer(line);
        }
    }

    public IReadOnlyList<PluginLogLine> Read(long after, int maximum)
    {
        lock (_gate)
        {
            var lines = _lines.Where(line => line.Sequence > after).ToList();
            return lines.Count <= maximum ? lines : lines[^maximum..];
        }
    }

    /// <summary>Adds a reader, which first gets the kept lines behind <paramref name="after"/>; null when there are too many.</summary>
    public LogSubscription? Follow(long after)
    {
        lock (_gate)
        {
            if (_subscriptions.Count >= followers)
                return null;

            var subscription = new LogSubscription(SubscriptionCapacity, End);

            foreach (var line in _lines)
            {
                if (line.Sequence > after)
                    subscription.Offer(line);
            }

            if (_closed)
                subscription.Complete();
            else
                _subscriptions.Add(subscription);

            return subscription;
        }
    }

    /// <summary>Ends all readers: the plugin goes, or the server stops.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;

            foreach (var subscription in _subscriptions)
                subscription.Complete();

            _subscriptions.Clear();
        }
    }

    private void End(LogSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }
}
