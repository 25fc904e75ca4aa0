namespace PluginHost.Plugins;

/// <summary>When a plugin that keeps failing is left alone; null for the server's default.</summary>
public sealed record CircuitConfiguration
{
    /// <summary>False to never leave it alone.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The share of the invocations that must fail, above 0 and at most 1.</summary>
    public double? FailureRatio { get; init; }

    /// <summary>The invocations that must have come within the window, so that a few failures do not count.</summary>
    public int? MinimumInvocations { get; init; }

    /// <summary>How far back invocations count.</summary>
    public int? WindowSeconds { get; init; }

    /// <summary>How long the plugin is left alone before one invocation is let through as a trial.</summary>
    public int? BreakSeconds { get; init; }
}
