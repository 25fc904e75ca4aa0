using System.Diagnostics;
using System.Globalization;
using PluginHost.Plugins.Pooling;

namespace PluginHost.Benchmarks;

/// <summary>
/// What a process holds with one instance of <c>calc</c> and with a thousand in one version's pool, all after <c>_initialize</c> and called once: what is resident,
/// what of it is the collector's after a full collection, the guests' memories, and the code that they share.
/// </summary>
internal static class ResidentsBenchmark
{
    private const int Residents = 1_000;
    private const double MiB = 1024 * 1024;
    private const double KiB = 1024;

    private static readonly string Count = Residents.ToString(CultureInfo.InvariantCulture);

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        await using var plugins = await HostedPlugins.StartAsync(
            ("Limits:MaximumInstances", Count), ("Limits:MaximumConfigurableInstances", Count), ("Limits:MaximumTotalInstances", Count), ("Limits:QueueLength", Count));
        var target = await plugins.UploadAsync("calc", "add");
        var pool = target.Version.Pool;
        List<GuestInstance> lent = [];

        async Task<Footprint> LendAsync(int instances)
        {
            while (lent.Count < instances)
            {
                var rental = await pool.RentAsync(TimeSpan.FromSeconds(30), isHeldByCaller: false, CancellationToken.None);
                lent.Add(rental.Instance ?? throw new InvalidOperationException(rental.Failure?.Detail));
                lent[^1].Instance.Invoke(lent[^1].Function(target.Index), [1, 2], new ulong[1]);
            }

            return Footprint.Now();
        }

        // The first ones compile the engine itself.
        await LendAsync(10);
        lent.ForEach(pool.Return);
        lent.Clear();
        pool.ReleaseIdle();
        var begin = Stopwatch.GetTimestamp();
        var few = await LendAsync(10);
        var all = await LendAsync(Residents);
        var milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        var statistics = plugins.Plugins.Statistics("calc").Value!;
        var tiers = statistics.Tiers[0];
        var guest = statistics.Pools[0].MemoryBytes;
        lent.ForEach(pool.Return);

        Add("one instance: resident", "KiB", (all.Resident - few.Resident) / KiB / (Residents - 10));
        Add("one instance: the collector's heap", "KiB", (all.Heap - few.Heap) / KiB / (Residents - 10));
        Add("one instance: guest memory, by its size", "KiB", guest / KiB / Residents);
        Add($"the process with {Residents} instances: resident", "MiB", all.Resident / MiB);
        Add($"the process with {Residents} instances: the collector's heap", "MiB", all.Heap / MiB);
        Add($"{Residents} instances: guest memory, by its size", "MiB", guest / MiB);
        Add("code that all share: functions lowered", "functions", tiers.Interpreted.Functions);
        Add("code that all share: register code", "KiB", tiers.Interpreted.Bytes / KiB);
        Add("code that all share: functions compiled", "functions", tiers.Compiled.Functions);
        Add("code that all share: IL compiled", "KiB", (tiers.Compiled.IlBytes + tiers.Resumable.IlBytes) / KiB);
        Add($"{Residents} instances, one after the other: until all were there", "ms", milliseconds);

        void Add(string name, string unit, double value)
        {
            if (options.Wants(name))
                report.Add(new Measurement(name, unit, value, null, "", "–"));
        }
    }

    private readonly record struct Footprint(double Heap, double Resident)
    {
        public static Footprint Now()
        {
            for (var i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            return new Footprint(GC.GetTotalMemory(false), Environment.WorkingSet);
        }
    }
}
