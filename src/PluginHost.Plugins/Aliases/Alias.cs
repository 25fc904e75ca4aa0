using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Aliases;

/// <summary>A movable name for one or more weighted versions of a plugin.</summary>
/// <param name="Targets">At least one, each of another version, in the order of their ordinals.</param>
/// <param name="Revision">Grows with every change.</param>
public sealed record Alias(string Name, IReadOnlyList<AliasTarget> Targets, long Revision, DateTimeOffset UpdatedAt)
{
    /// <summary>The version that most invocations go to; of equals the newest.</summary>
    [JsonIgnore]
    public int Main { get; } = Targets.MaxBy(target => ((long)target.Weight << 32) + target.Version)!.Version;

    /// <summary>The version, where there is only one.</summary>
    [JsonIgnore]
    public int? Only => Targets.Count == 1 ? Targets[0].Version : null;

    /// <summary>The version that an invocation takes, each with the probability of its weight.</summary>
    /// <param name="affinity">Invocations with the same one take the same version as long as the weights allow; null for each by itself.</param>
    public int Choose(string? affinity)
    {
        if (Targets.Count == 1)
            return Targets[0].Version;

        var total = 0;

        foreach (var target in Targets)
            total += target.Weight;

        var place = affinity is null ? Random.Shared.Next(total) : (int)(((UInt128)Hash(affinity) * (ulong)total) >> 64);

        foreach (var target in Targets)
        {
            if ((place -= target.Weight) < 0)
                return target.Version;
        }

        return Main;
    }

    public bool PointsAt(int version)
    {
        foreach (var target in Targets)
        {
            if (target.Version == version)
                return true;
        }

        return false;
    }

    /// <summary>The same on every server and in every year, which <see cref="string.GetHashCode()"/> is not: FNV-1a, and the last steps of SplitMix64 to spread it over all bits.</summary>
    private static ulong Hash(string text)
    {
        var hash = 0xcbf29ce484222325UL;

        foreach (var character in text)
            hash = (hash ^ character) * 0x100000001b3UL;

        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebUL;
        return hash ^ (hash >> 31);
    }
}
