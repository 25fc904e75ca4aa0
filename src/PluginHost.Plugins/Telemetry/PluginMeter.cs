using System.Diagnostics.Metrics;

namespace PluginHost.Plugins.Telemetry;

/// <summary>The host's instruments for whoever listens: OpenTelemetry, dotnet-counters.</summary>
internal sealed class PluginMeter : IDisposable
{
    public const string Name = "PluginHost.Plugins";

    private readonly Meter _meter;
    private readonly Counter<long> _invocations;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _uploads;

    public PluginMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _invocations = _meter.CreateCounter<long>("pluginhost.invocations", "{invocation}", "Invocations that ended.");
        _duration = _meter.CreateHistogram<double>("pluginhost.invocation.duration", "s", "How long guests ran.");
        _uploads = _meter.CreateCounter<long>("pluginhost.uploads", "{upload}", "Uploads that ended.");
    }

    public void Invocation(string plugin, PluginFailure? failure, TimeSpan executed)
    {
        if (!_invocations.Enabled && !_duration.Enabled)
            return;

        var pluginTag = KeyValuePair.Create("plugin", (object?)plugin);

        _invocations.Add(1, pluginTag, KeyValuePair.Create("outcome", (object?)(failure?.Code.Text() ?? "success")));
        _duration.Record(executed.TotalSeconds, pluginTag);
    }

    public void Upload(PluginFailure? failure) => _uploads.Add(1, KeyValuePair.Create("outcome", (object?)(failure?.Code.Text() ?? "success")));

    public void Dispose() => _meter.Dispose();
}
