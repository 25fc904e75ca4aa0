using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.Telemetry;

/// <summary>What is counted of a plugin's invocations.</summary>
internal sealed class InvocationCounters
{
    private readonly long[] _failures = new long[Enum.GetValues<FailureCode>().Length];
    private readonly long[] _traps = new long[Enum.GetValues<TrapKind>().Length];
    private long _succeeded;
    private long _running;

    public LatencyHistogram Execution { get; } = new();

    public LatencyHistogram Queue { get; } = new();

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Running => Interlocked.Read(ref _running);

    public IReadOnlyDictionary<string, long> Failures => Counted<FailureCode>(_failures, code => code.Text());

    public IReadOnlyDictionary<string, long> Traps => Counted<TrapKind>(_traps, kind => kind.Text());

    public long Invocations => Succeeded + _failures.Sum();

    public void Begin() => Interlocked.Increment(ref _running);

    /// <summary>Counts one that ran in an instance.</summary>
    public void End(PluginFailure? failure, TimeSpan queued, TimeSpan executed)
    {
        Interlocked.Decrement(ref _running);
        Queue.Add(queued);
        Execution.Add(executed);

        if (failure is null)
            Interlocked.Increment(ref _succeeded);
        else
            Fail(failure);
    }

    /// <summary>Counts one that failed.</summary>
    public void Fail(PluginFailure failure)
    {
        Interlocked.Increment(ref _failures[(int)failure.Code]);

        if (failure.Trap is { } kind)
            Interlocked.Increment(ref _traps[(int)kind]);
    }

    private static Dictionary<string, long> Counted<TKey>(long[] counts, Func<TKey, string> name)
        where TKey : struct, Enum
    {
        var result = new Dictionary<string, long>(StringComparer.Ordinal);

        foreach (var key in Enum.GetValues<TKey>())
        {
            var count = Interlocked.Read(ref counts[Convert.ToInt32(key, System.Globalization.CultureInfo.InvariantCulture)]);

            if (count != 0)
                result[name(key)] = count;
        }

        return result;
    }
}
