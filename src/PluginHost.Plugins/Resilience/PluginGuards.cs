namespace PluginHost.Plugins.Resilience;

/// <summary>What stands before a plugin's invocations. A new configuration makes new ones.</summary>
internal sealed class PluginGuards(PluginConfiguration configuration, PluginHostLimits limits, TimeProvider clock)
{
    /// <summary>Null where there is no limit.</summary>
    public InvocationRate? Rate { get; } = (configuration.Limits.InvocationsPerSecond ?? limits.InvocationsPerSecond) is { } rate
        ? new InvocationRate(rate, configuration.Limits.InvocationBurst ?? (configuration.Limits.InvocationsPerSecond is null ? limits.InvocationBurst : null) ?? rate)
        : null;

    public PluginCircuit Circuit { get; } = new(CircuitRules.Merge(configuration.Circuit, limits.Circuit), clock);
}
