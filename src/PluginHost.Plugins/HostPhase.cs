namespace PluginHost.Plugins;

/// <summary>Where the host stands between its start and its end.</summary>
public enum HostPhase
{
    /// <summary>The catalog is being recovered.</summary>
    Starting,

    Ready,

    /// <summary>Running invocations end; no new one begins.</summary>
    Draining,
}
