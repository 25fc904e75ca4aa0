namespace PluginHost.Plugins;

/// <summary>The phase that the host is in, for readiness probes and for whoever accepts work.</summary>
public sealed class HostState
{
    private volatile HostPhase _phase = HostPhase.Starting;

    public HostPhase Phase => _phase;

    public bool IsReady => _phase == HostPhase.Ready;

    internal void Ready() => _phase = HostPhase.Ready;

    /// <summary>From here on every upload and invocation is answered with <see cref="FailureCode.Draining"/>.</summary>
    public void Drain() => _phase = HostPhase.Draining;

    internal PluginFailure? Refusal() => _phase switch
    {
        HostPhase.Ready => null,
        HostPhase.Starting => new PluginFailure(FailureCode.NoCapacity, "The server is starting.") { RetryAfter = TimeSpan.FromSeconds(1) },
        _ => new PluginFailure(FailureCode.Draining, "The server is stopping and accepts no new work.") { RetryAfter = TimeSpan.FromSeconds(5) },
    };
}
