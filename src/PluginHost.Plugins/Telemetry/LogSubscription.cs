using System.Threading.Channels;

namespace PluginHost.Plugins.Telemetry;

/// <summary>One reader that follows a plugin's log. Disposing it ends it.</summary>
public sealed class LogSubscription : IDisposable
{
    private readonly Channel<PluginLogLine> _lines;
    private readonly Action<LogSubscription> _end;

    internal LogSubscription(int capacity, Action<LogSubscription> end)
    {
        _lines = Channel.CreateBounded<PluginLogLine>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        _end = end;
    }

    /// <summary>The lines; it completes when the plugin is deleted or the server stops.</summary>
    public ChannelReader<PluginLogLine> Lines => _lines.Reader;

    public void Dispose()
    {
        Complete();
        _end(this);
    }

    internal void Offer(PluginLogLine line) => _lines.Writer.TryWrite(line);

    internal void Complete() => _lines.Writer.TryComplete();
}
