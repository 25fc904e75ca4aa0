using System.Collections.Concurrent;

namespace PluginHost.Plugins.Pooling;

/// <summary>How many instances all pools may have together. A pool that needs one when none is left takes it from an idle one of another.</summary>
internal sealed class InstanceCapacity(int maximum)
{
    private readonly ConcurrentDictionary<InstancePool, bool> _pools = new();
    private int _count;
    private long _removed;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The pools that have ended, each with the instances and perhaps the module that it had.</summary>
    public long Removed => Interlocked.Read(ref _removed);

    public bool TryAcquire()
    {
        while (true)
        {
            var count = Volatile.Read(ref _count);

            // What is free is never counted up and down again, so that nobody else is refused meanwhile for a place that was free.
            if (count < maximum)
            {
                if (Interlocked.CompareExchange(ref _count, count + 1, count) == count)
                    return true;
            }
            else if (!TryReleaseIdle() && Volatile.Read(ref _count) >= maximum)
            {
                return false;
            }
        }
    }

    public void Release() => Interlocked.Decrement(ref _count);

    public void Add(InstancePool pool) => _pools.TryAdd(pool, true);

    public void Remove(InstancePool pool)
    {
        if (_pools.TryRemove(pool, out _))
            Interlocked.Increment(ref _removed);
    }

    /// <summary>Lets go what has been idle for too long.</summary>
    public void Sweep()
    {
        foreach (var (pool, _) in _pools)
            pool.ReleaseIdle();
    }

    private bool TryReleaseIdle()
    {
        foreach (var (pool, _) in _pools)
        {
            if (pool.TryReleaseOne())
                return true;
        }

        return false;
    }
}
