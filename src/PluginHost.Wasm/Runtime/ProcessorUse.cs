using System.Diagnostics;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// What the calls of one module compute, all of its instances together, those that were thrown away included. A call that ends within its slice needs no
/// turn; a module whose calls follow each other so closely that they take half a processor is no different from one long call, and takes turns like one.
/// Only <see cref="DeadlineWatch"/> writes: it counts what it sees running when it looks, so that a call pays nothing for being counted.
/// </summary>
internal sealed class ProcessorUse
{
    /// <summary>What may be computed beyond half a processor, in ticks of <see cref="Stopwatch"/>: four slices.</summary>
    private static readonly long Allowance = Stopwatch.Frequency / 50;

    /// <summary>What is remembered at most, so that a load is forgiven within a fifth of a second.</summary>
    private static readonly long Most = Stopwatch.Frequency / 10;

    private long _level;
    private long _seen;

    /// <summary>Whether calls of the module take turns from their beginning.</summary>
    public bool IsHeavy { get; private set; }

    /// <param name="now">A timestamp, never less than the one before.</param>
    /// <param name="computed">The time that an instance is taken to have computed; 0 for one that is at rest.</param>
    public void Count(long now, long computed)
    {
        _level = Math.Min(Math.Max(_level - ((now - _seen) / 2), 0) + computed, Most);
        _seen = now;
        IsHeavy = _level > Allowance;
    }
}
