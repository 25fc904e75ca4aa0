namespace PluginHost.Plugins.Resilience;

/// <summary>Whether a plugin is left alone.</summary>
public enum CircuitState
{
    /// <summary>Never: its configuration says so.</summary>
    Disabled,

    /// <summary>Invocations run.</summary>
    Closed,

    /// <summary>One invocation is being tried; the others are refused.</summary>
    HalfOpen,

    /// <summary>Invocations are refused.</summary>
    Open,
}
