using System.Text;
using PluginHost.Plugins.Telemetry;
using PluginHost.Wasi;

namespace PluginHost.Plugins.Pooling;

/// <summary>
/// What an instance writes to stdout and stderr, by line: to the plugin's log at once, and the end of stderr for the failure that may follow. One
/// invocation's output is bounded; what is beyond is counted and dropped, and the guest never hears of it.
/// </summary>
internal sealed class GuestOutput(PluginLog log, int version, long instance, TimeProvider clock) : ILineSink
{
    private const int TailLines = 20;
    private const string OutOfMemory = "out of memory";

    private static readonly string[] PanicStarts = ["panic:", "fatal error:"];

    private readonly Queue<string> _tail = new(TailLines);

    /// <summary>The version's ordinal; 0 while it has none yet.</summary>
    public int Version { get; private set; } = version;

    /// <summary>The invocation that runs; 0 while the instance starts.</summary>
    public long Invocation { get; private set; }

    /// <summary>The first line of stderr that says why Go gave up.</summary>
    public string? Panic { get; private set; }

    /// <summary>Whether Go gave up for want of memory.</summary>
    public bool RanOutOfMemory { get; private set; }

    public IReadOnlyList<string>? StandardErrorTail => _tail.Count == 0 ? null : [.. _tail];

    /// <summary>From here on the lines belong to this version: the upload's first instance starts before its version has a number.</summary>
    public void Adopt(int version) => Version = version;

    public void Begin(long invocation)
    {
        Invocation = invocation;
        Panic = null;
        RanOutOfMemory = false;
        _tail.Clear();
    }

    public void Line(bool standardError, ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);

        log.Add(clock.GetUtcNow(), standardError ? "stderr" : "stdout", Invocation, Version, instance, text);

        if (!standardError)
            return;

        if (_tail.Count == TailLines)
            _tail.Dequeue();

        _tail.Enqueue(text);

        foreach (var start in PanicStarts)
        {
            if (!text.StartsWith(start, StringComparison.Ordinal))
                continue;

            Panic ??= text;
            RanOutOfMemory |= text.Contains(OutOfMemory, StringComparison.Ordinal) || text.Contains("cannot allocate memory", StringComparison.Ordinal);
        }
    }

    public void Dropped(bool standardError, long bytes) => log.CountDropped(bytes);
}
