namespace PluginHost.Plugins;

/// <summary>The host functions that a plugin may import. What is not set is granted where it reaches nothing beyond the plugin: log, config, clock and invocation.</summary>
public sealed record PluginGrants
{
    /// <summary>Structured lines in the plugin's log; granted unless false.</summary>
    public bool? Log { get; init; }

    /// <summary>The configuration's own values and secrets; granted unless false.</summary>
    public bool? Config { get; init; }

    /// <summary>The time of day; granted unless false.</summary>
    public bool? Clock { get; init; }

    /// <summary>The identity, deadline and trace of the running invocation; granted unless false.</summary>
    public bool? Invocation { get; init; }

    /// <summary>The plugin's key-value store; granted only if true.</summary>
    public bool? Kv { get; init; }

    /// <summary>Requests to other servers; granted only if set.</summary>
    public HttpGrant? Http { get; init; }

    /// <summary>The names of the plugins whose exports the plugin may call; its own name among them if it may call itself.</summary>
    public IReadOnlyList<string>? Call { get; init; }

    /// <summary>The names of the modules of host functions that the embedding application has registered.</summary>
    public IReadOnlyList<string>? Modules { get; init; }
}
