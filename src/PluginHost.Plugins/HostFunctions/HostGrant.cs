namespace PluginHost.Plugins.HostFunctions;

/// <summary>A kind of thing that a plugin's configuration grants.</summary>
/// <param name="IsGiven">Whether the grants include it.</param>
/// <param name="Give">The grants with it: what a refusal proposes.</param>
internal sealed record HostGrant(string Name, Func<PluginGrants, bool> IsGiven, Func<PluginGrants, PluginGrants> Give)
{
    public static HostGrant Log { get; } = new("log", static grants => grants.Log ?? true, static grants => grants with { Log = true });

    public static HostGrant Config { get; } = new("config", static grants => grants.Config ?? true, static grants => grants with { Config = true });

    public static HostGrant Clock { get; } = new("clock", static grants => grants.Clock ?? true, static grants => grants with { Clock = true });

    public static HostGrant Invocation { get; } = new("invocation", static grants => grants.Invocation ?? true, static grants => grants with { Invocation = true });

    public static HostGrant Kv { get; } = new("kv", static grants => grants.Kv ?? false, static grants => grants with { Kv = true });

    public static HostGrant Http { get; } = new("http", static grants => grants.Http is not null, static grants => grants with { Http = new HttpGrant { Hosts = ["api.example.com"] } });

    public static HostGrant Call { get; } = new("call", static grants => grants.Call is { Count: > 0 }, static grants => grants with { Call = ["other-plugin"] });

    /// <summary>The use of a module of the embedding application's.</summary>
    public static HostGrant OfModule(string module) => new(
        module,
        grants => grants.Modules?.Contains(module, StringComparer.Ordinal) == true,
        grants => grants with { Modules = [.. grants.Modules ?? [], module] });
}
