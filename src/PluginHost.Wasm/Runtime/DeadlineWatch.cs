using System.Diagnostics;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// Interrupts calls whose deadline has passed, and has those that compute for long take turns. One thread looks at every instance that has run under a
/// deadline, every two milliseconds while any such call runs, so that a call pays for its deadline with one store and no timer of its own.
/// </summary>
internal static class DeadlineWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a call may compute before it needs a place among <see cref="ProcessorTurns"/>, and how long its turn is.</summary>
    private static readonly long Slice = Stopwatch.Frequency / 200;

    /// <summary>How long after a call has begun the next is expected.</summary>
    private static readonly long Expectation = Stopwatch.Frequency / 5;

    private static readonly Lock Gate = new();
    private static readonly HashSet<WasmInstance> Watched = [];
    private static readonly ManualResetEventSlim Wake = new(false);
    private static Thread? _thread;
    private static int _running;

    /// <summary>The timestamp at which a call that starts now and may take <paramref name="timeout"/> must end.</summary>
    public static long Deadline(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.TotalSeconds, 0) * Stopwatch.Frequency;
        return ticks >= long.MaxValue / 2.0 ? 0 : Stopwatch.GetTimestamp() + Math.Max((long)ticks, 1);
    }

    public static void Enter(WasmInstance instance)
    {
        if (!instance.IsWatched)
        {
            lock (Gate)
            {
                Watched.Add(instance);
                instance.IsWatched = true;
                _thread ??= Start();
            }
        }

        Interlocked.Increment(ref _running);

        if (!Wake.IsSet)
            Wake.Set();
    }

    public static void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>Stops watching an instance that is going.</summary>
    public static void Forget(WasmInstance instance)
    {
        if (instance.IsWatched)
        {
            lock (Gate)
                Watched.Remove(instance);
        }
    }

    private static Thread Start()
    {
        var thread = new Thread(Watch) { IsBackground = true, Name = "wasm deadlines", Priority = ThreadPriority.AboveNormal };
        thread.UnsafeStart();
        return thread;
    }

    private static void Watch()
    {
        var idle = 0;
        var lastBegun = 0L;
        var lastLook = Stopwatch.GetTimestamp();

        while (true)
        {
            Thread.Sleep(Interval);
            var now = Stopwatch.GetTimestamp();
            var passed = Math.Min(now - lastLook, Slice);
            lastLook = now;

            lock (Gate)
            {
                foreach (var instance in Watched)
                {
                    instance.InterruptIfExpired(now);

                    instance.Use.Count(now, instance.IsComputing ? passed : 0);

                    // A module whose calls take turns waits for nobody to leave it a processor.
                    if (instance.WatchStretch(now, Slice) && !instance.Use.IsHeavy)
                        lastBegun = now;
                }
            }

            ProcessorTurns.Shared.Reserve(now - lastBegun < Expectation);

            idle = Volatile.Read(ref _running) == 0 ? idle + 1 : 0;

            if (idle > 500)
            {
                Wake.Reset();

                // A call that came between the look and the reset has seen the event set and will not set it.
                if (Volatile.Read(ref _running) == 0)
                    Wake.Wait();

                idle = 0;
            }
        }
    }
}
