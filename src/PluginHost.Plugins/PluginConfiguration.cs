namespace PluginHost.Plugins;

/// <summary>What a plugin may use and how it is kept; what is not set is the server's default.</summary>
public sealed record PluginConfiguration
{
    public static PluginConfiguration Default { get; } = new();

    public PluginLimits Limits { get; init; } = new();

    public PoolConfiguration Pool { get; init; } = new();

    /// <summary>The guest's environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The directories that the guest sees.</summary>
    public IReadOnlyList<DirectoryGrant> Directories { get; init; } = [];
}
