using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Pooling;

namespace PluginHost.Plugins.Memory;

/// <summary>
/// Gives the system back what a load has left behind. The collector and the C library keep memory for the next load, and without one nothing makes them
/// look again. So when hardly anything has been allocated and no pool has ended for as long as instances may be idle, everything is collected and moved
/// together, once.
/// </summary>
internal sealed partial class IdleMemory
{
    /// <summary>Allocated between two looks, it is work: probes and a scrape of metrics stay below.</summary>
    private const long Work = 256 * 1024;

    /// <summary>What may be allocated without leaving anything that is worth a pause of some ten milliseconds.</summary>
    private const long Worthwhile = 32 * 1024 * 1024;

    private readonly InstanceCapacity _capacity;
    private readonly TimeProvider _clock;
    private readonly ILogger<IdleMemory> _logger;
    private readonly TimeSpan _idle;
    private readonly Lock _looking = new();
    private (long Allocated, long Removed) _seen;
    private (long Allocated, long Removed) _settled;
    private long _worked;

    public IdleMemory(InstanceCapacity capacity, TimeProvider clock, IOptions<PluginHostOptions> options, ILogger<IdleMemory> logger)
    {
        _capacity = capacity;
        _clock = clock;
        _logger = logger;
        _idle = TimeSpan.FromSeconds(options.Value.Limits.IdleSeconds);
        _worked = clock.GetTimestamp();
    }

    /// <summary>To be called about once a second; a call beside one that still runs does nothing.</summary>
    public void Look()
    {
        if (!_looking.TryEnter())
            return;

        try
        {
            if (IsDue(GC.GetTotalAllocatedBytes(), _capacity.Removed))
                GiveBack();
        }
        finally
        {
            _looking.Exit();
        }
    }

    /// <summary>Whether there has been work, and then none for long enough.</summary>
    /// <param name="allocated">The bytes that the process has allocated since it started.</param>
    /// <param name="removed">The pools that have ended since then.</param>
    internal bool IsDue(long allocated, long removed)
    {
        if (allocated - _seen.Allocated >= Work || removed != _seen.Removed)
            _worked = _clock.GetTimestamp();

        _seen = (allocated, removed);

        if ((allocated - _settled.Allocated < Worthwhile && removed == _settled.Removed) || _clock.GetElapsedTime(_worked) < _idle)
            return false;

        _settled = _seen;
        return true;
    }

    private void GiveBack()
    {
        var before = Environment.WorkingSet;

        // What finalizers let go, modules' code among it, belongs to what is given back.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
        LogGivenBack(before, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false));
    }

    [LoggerMessage(LogLevel.Information, "Idle: resident memory went from {Before} to {After} bytes; {Heap} bytes are in use on the heap")]
    private partial void LogGivenBack(long before, long after, long heap);
}
