namespace PluginHost.Wasm.Runtime;

/// <summary>How many elements the tables of one instance may have together: each takes eight bytes of the host's.</summary>
internal sealed class ElementQuota(uint limit)
{
    private long _left = limit;

    public uint Limit => limit;

    /// <summary>Takes elements, where so many are left.</summary>
    public bool TryTake(uint count)
    {
        // Instances that share a table may run on several threads.
        if (Interlocked.Add(ref _left, -(long)count) >= 0)
            return true;

        Return(count);
        return false;
    }

    /// <summary>Gives back what was taken and is not used after all.</summary>
    public void Return(uint count) => Interlocked.Add(ref _left, count);
}
