namespace PluginHost.Plugins;

/// <summary>How many instances of a plugin's version there are; null for the server's default.</summary>
public sealed record PoolConfiguration
{
    /// <summary>The instances kept even when idle.</summary>
    public int? Minimum { get; init; }

    public int? Maximum { get; init; }

    /// <summary>The invocations that may wait for an instance.</summary>
    public int? QueueLength { get; init; }

    public int? QueueTimeoutMilliseconds { get; init; }

    public int? IdleSeconds { get; init; }
}
