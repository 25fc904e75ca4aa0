namespace PluginHost.Plugins.Telemetry;

/// <summary>What a plugin did in a few seconds, and what it held at their end.</summary>
/// <param name="Invocations">A second.</param>
/// <param name="Failures">Of those, a second; errors that the plugin returned itself among them.</param>
/// <param name="P50">Of what ran in that time, in milliseconds, as the two behind it; 0 where nothing did.</param>
/// <param name="MemoryBytes">The linear memories of all instances.</param>
public sealed record ActivitySample(DateTimeOffset Time, double Invocations, double Failures, double P50, double P90, double P99, long MemoryBytes, int Instances, int Busy, int Queued);
