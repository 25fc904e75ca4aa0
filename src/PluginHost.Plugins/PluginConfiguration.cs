using System.Text.Json.Serialization;

namespace PluginHost.Plugins;

/// <summary>What a plugin may use and how it is kept; what is not set is the server's default.</summary>
public sealed record PluginConfiguration
{
    /// <summary>
    /// Any part may be left out, in JSON too: generated serializers set every property that only an initializer can, and those that are missing to null.
    /// </summary>
    [JsonConstructor]
    public PluginConfiguration(
        PluginLimits? limits = null,
        PoolConfiguration? pool = null,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyList<DirectoryGrant>? directories = null,
        string? engine = null)
    {
        Limits = limits ?? new PluginLimits();
        Pool = pool ?? new PoolConfiguration();
        Environment = environment ?? new Dictionary<string, string>(StringComparer.Ordinal);
        Directories = directories ?? [];
        Engine = engine;
    }

    public static PluginConfiguration Default { get; } = new();

    public PluginLimits Limits { get; init; }

    public PoolConfiguration Pool { get; init; }

    /// <summary>The guest's environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The directories that the guest sees.</summary>
    public IReadOnlyList<DirectoryGrant> Directories { get; init; }

    /// <summary>
    /// How the plugin is run: tiered, interpreter, or compiled; null for the server's way. A server whose own is the interpreter allows no other.
    /// </summary>
    public string? Engine { get; init; }
}
