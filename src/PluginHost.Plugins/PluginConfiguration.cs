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
        string? engine = null,
        PluginGrants? grants = null,
        IReadOnlyDictionary<string, string>? config = null,
        IReadOnlyDictionary<string, string?>? secrets = null,
        IReadOnlyDictionary<string, string>? labels = null,
        CircuitConfiguration? circuit = null)
    {
        Limits = limits ?? new PluginLimits();
        Pool = pool ?? new PoolConfiguration();
        Environment = environment ?? new Dictionary<string, string>(StringComparer.Ordinal);
        Directories = directories ?? [];
        Engine = engine;
        Grants = grants ?? new PluginGrants();
        Config = config ?? new Dictionary<string, string>(StringComparer.Ordinal);
        Secrets = secrets ?? new Dictionary<string, string?>(StringComparer.Ordinal);
        Labels = labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
        Circuit = circuit ?? new CircuitConfiguration();
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

    /// <summary>The host functions that the plugin may import.</summary>
    public PluginGrants Grants { get; init; }

    /// <summary>Values of the plugin's own, which it reads by <c>config_get</c>.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; }

    /// <summary>
    /// Secrets of the plugin's own, which it reads by <c>secret_get</c>. They are never shown again: where the configuration is, each is null. Putting null keeps the
    /// one that there is.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Secrets { get; init; }

    /// <summary>What people know the plugin by, and lists are filtered by; the plugin itself does not see it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>When the plugin is left alone because it keeps failing.</summary>
    public CircuitConfiguration Circuit { get; init; }

    /// <summary>The configuration as it may be shown.</summary>
    internal PluginConfiguration WithoutSecrets() => Secrets.Count == 0
        ? this
        : this with { Secrets = Secrets.ToDictionary(secret => secret.Key, _ => (string?)null, StringComparer.Ordinal) };

    /// <summary>The configuration as it is kept: secrets that are null are those of the one before.</summary>
    /// <param name="missing">The first secret of which there is none.</param>
    internal PluginConfiguration WithSecretsOf(PluginConfiguration? before, out string? missing)
    {
        missing = null;

        if (!Secrets.Values.Contains(null, StringComparer.Ordinal))
            return this;

        var secrets = new Dictionary<string, string?>(StringComparer.Ordinal);

        foreach (var (name, value) in Secrets)
        {
            secrets[name] = value ?? before?.Secrets.GetValueOrDefault(name);

            if (secrets[name] is null)
                missing ??= name;
        }

        return this with { Secrets = secrets };
    }
}
