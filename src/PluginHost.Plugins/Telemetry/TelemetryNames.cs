namespace PluginHost.Plugins.Telemetry;

/// <summary>What to listen to.</summary>
public static class TelemetryNames
{
    /// <summary>The meter of plugins and their invocations.</summary>
    public const string Meter = "PluginHost.Plugins";

    /// <summary>The source of a span for each invocation.</summary>
    public const string ActivitySource = "PluginHost.Plugins";
}
