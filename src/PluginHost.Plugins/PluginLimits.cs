namespace PluginHost.Plugins;

/// <summary>A plugin's own limits, within the server's; null for the server's.</summary>
public sealed record PluginLimits
{
    /// <summary>The memory of one instance.</summary>
    public long? MemoryBytes { get; init; }

    public int? DeadlineMilliseconds { get; init; }

    public int? CallDepth { get; init; }

    /// <summary>Function entries and backward branches of one invocation.</summary>
    public long? Fuel { get; init; }

    /// <summary>Invocations of the plugin in a second, by whomever; more are refused.</summary>
    public int? InvocationsPerSecond { get; init; }

    /// <summary>How many of them may come at one time; null for as many as in a second.</summary>
    public int? InvocationBurst { get; init; }

    /// <summary>What one invocation may write to stdout and stderr.</summary>
    public int? OutputBytes { get; init; }
}
