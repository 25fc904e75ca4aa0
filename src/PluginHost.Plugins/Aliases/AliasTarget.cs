using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Aliases;

/// <summary>A version that an alias points at.</summary>
/// <param name="Version">Its ordinal.</param>
/// <param name="Weight">Its share of the invocations, beside the weights of the alias's other targets.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AliasTarget(int Version, int Weight = AliasTarget.DefaultWeight)
{
    /// <summary>The weight of a target that names none.</summary>
    public const int DefaultWeight = 100;
}
