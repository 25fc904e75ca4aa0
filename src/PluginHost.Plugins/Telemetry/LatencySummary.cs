namespace PluginHost.Plugins.Telemetry;

/// <summary>A distribution of durations in milliseconds; a percentile is the upper end of its bucket, within 7 % of the true value.</summary>
public sealed record LatencySummary(long Count, double Mean, double P50, double P90, double P99, double Maximum);
