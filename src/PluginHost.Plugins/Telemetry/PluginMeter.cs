using System.Diagnostics.Metrics;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Resilience;

namespace PluginHost.Plugins.Telemetry;

/// <summary>
/// The host's instruments for whoever listens: OpenTelemetry, dotnet-counters. What an invocation changes is recorded as it ends; everything else is read from the
/// plugins when a listener asks. Labels are names of plugins and fixed words, so that their number is bounded by the limit on plugins.
/// </summary>
internal sealed class PluginMeter : IDisposable
{
    /// <summary>Seconds, from a call that is over at once to the default deadline.</summary>
    private static readonly double[] Durations = [0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

    private readonly PluginRegistry _plugins;
    private readonly Meter _meter;
    private readonly Counter<long> _invocations;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queued;
    private readonly Counter<long> _uploads;

    public PluginMeter(IMeterFactory meters, PluginRegistry plugins, DiskSpace space)
    {
        _plugins = plugins;
        _meter = meters.Create(TelemetryNames.Meter);
        var durations = new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations };
        _invocations = _meter.CreateCounter<long>("pluginhost.invocations", "{invocation}", "Invocations that ended.");
        _duration = _meter.CreateHistogram("pluginhost.invocation.duration", "s", "How long guests ran.", advice: durations);
        _queued = _meter.CreateHistogram("pluginhost.queue.duration", "s", "How long invocations waited for an instance.", advice: durations);
        _uploads = _meter.CreateCounter<long>("pluginhost.uploads", "{upload}", "Uploads that ended.");

        _meter.CreateObservableGauge("pluginhost.plugins", () => _plugins.Count, "{plugin}", "Plugins in the catalog.");
        _meter.CreateObservableGauge("pluginhost.disk.used", () => space.Used, "By", "What the modules and the database take of the disk.");
        _meter.CreateObservableGauge("pluginhost.disk.free", () => space.Free, "By", "What is left of the disk that the data directory is on.");
        _meter.CreateObservableCounter("pluginhost.traps", () => _plugins.All.SelectMany(Traps), "{trap}", "Invocations that ended in a trap.");
        _meter.CreateObservableGauge("pluginhost.circuit.open", () => _plugins.All.Select(plugin => new Measurement<int>(plugin.Guards.Circuit.State == CircuitState.Open ? 1 : 0, Tag("plugin", plugin.Name))), description: "1 while the plugin is left alone because it keeps failing.");
        _meter.CreateObservableGauge("pluginhost.instances", () => Pools().SelectMany(Instances), "{instance}", "Instances.");
        _meter.CreateObservableCounter("pluginhost.instances.discarded", () => Pools().Select(pool => Of(pool, pool.Sum(of => of.Discarded))), "{instance}", "Instances thrown away after a trap, an exit, a deadline or a fault.");
        _meter.CreateObservableGauge("pluginhost.queue.length", () => Pools().Select(pool => Of(pool, pool.Sum(of => of.Queued))), "{invocation}", "Invocations that wait for an instance.");
        _meter.CreateObservableGauge("pluginhost.memory", () => Pools().Select(pool => Of(pool, pool.Sum(of => of.MemoryBytes))), "By", "The linear memories of all instances.");
        _meter.CreateObservableGauge("pluginhost.functions", () => Code(tiers => tiers.Interpreted.Functions, tiers => tiers.Compiled.Functions), "{function}", "Functions that have code, by tier.");
        _meter.CreateObservableGauge("pluginhost.code", () => Code(tiers => tiers.Interpreted.Bytes, tiers => tiers.Compiled.IlBytes + tiers.Resumable.IlBytes), "By", "Code, by tier: register code and .NET IL.");
    }

    public void Invocation(string plugin, PluginFailure? failure, TimeSpan queued, TimeSpan executed)
    {
        if (!_invocations.Enabled && !_duration.Enabled && !_queued.Enabled)
            return;

        var pluginTag = Tag("plugin", plugin);

        _invocations.Add(1, pluginTag, Tag("outcome", failure?.Code.Text() ?? "success"));
        _duration.Record(executed.TotalSeconds, pluginTag);
        _queued.Record(queued.TotalSeconds, pluginTag);
    }

    public void Upload(PluginFailure? failure) => _uploads.Add(1, Tag("outcome", failure?.Code.Text() ?? "success"));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<long>> Traps(PluginEntry plugin) =>
        plugin.Counters.Traps.Select(trap => new Measurement<long>(trap.Value, Tag("plugin", plugin.Name), Tag("kind", trap.Key)));

    private static IEnumerable<Measurement<long>> Instances(IGrouping<string, PoolStatistics> pools) =>
    [
        new(pools.Sum(of => of.Idle), Tag("plugin", pools.Key), Tag("state", "idle")),
        new(pools.Sum(of => of.Busy), Tag("plugin", pools.Key), Tag("state", "busy")),
        new(pools.Sum(of => of.Starting), Tag("plugin", pools.Key), Tag("state", "starting")),
    ];

    private static Measurement<long> Of(IGrouping<string, PoolStatistics> pools, long value) => new(value, Tag("plugin", pools.Key));

    private IEnumerable<IGrouping<string, PoolStatistics>> Pools() => Loaded().GroupBy(version => version.Plugin.Name, version => version.Pool.Statistics(), StringComparer.Ordinal);

    private IEnumerable<Measurement<long>> Code(Func<VersionTiers, long> interpreted, Func<VersionTiers, long> compiled)
    {
        foreach (var plugin in Loaded().GroupBy(version => version.Plugin.Name, StringComparer.Ordinal))
        {
            var tiers = plugin.Select(version => version.Tiers()).ToList();
            yield return new(tiers.Sum(interpreted), Tag("plugin", plugin.Key), Tag("tier", "interpreted"));
            yield return new(tiers.Sum(compiled), Tag("plugin", plugin.Key), Tag("tier", "compiled"));
        }
    }

    private IEnumerable<LoadedVersion> Loaded() => _plugins.All.SelectMany(plugin => plugin.LoadedVersions);
}
