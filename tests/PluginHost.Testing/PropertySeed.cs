namespace PluginHost.Testing;

/// <summary>Where properties begin. A property that fails prints its own seed, which can stand here while the failure is looked for.</summary>
public static class PropertySeed
{
    /// <summary>The same cases on every machine: a red run means that the code changed, not the luck.</summary>
    public const string Fixed = "20261123,7";
}
