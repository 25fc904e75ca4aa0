using PluginHost.Plugins.Resilience;

namespace PluginHost.Plugins.Telemetry;

/// <summary>A plugin's figures since the server started.</summary>
/// <param name="Invocations">Those that ended, failures included.</param>
/// <param name="Failures">By <see cref="FailureCodes.Text"/>.</param>
/// <param name="Traps">By the kind of trap.</param>
/// <param name="Execution">How long the guest ran.</param>
/// <param name="Queue">How long invocations waited for an instance.</param>
/// <param name="LogBytesDropped">What guests wrote beyond the limit of one invocation.</param>
/// <param name="Circuit">Whether the plugin is left alone because it keeps failing.</param>
/// <param name="Pools">The pool of each loaded version.</param>
/// <param name="Tiers">How each loaded version is run: its functions and their code by tier.</param>
public sealed record PluginStatistics(
    string Plugin,
    long Invocations,
    long Succeeded,
    long Running,
    IReadOnlyDictionary<string, long> Failures,
    IReadOnlyDictionary<string, long> Traps,
    LatencySummary Execution,
    LatencySummary Queue,
    IReadOnlyList<PoolStatistics> Pools,
    IReadOnlyList<VersionTiers> Tiers,
    long LogLines,
    long LogBytesDropped,
    CircuitState Circuit);
