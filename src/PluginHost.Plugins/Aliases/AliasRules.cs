namespace PluginHost.Plugins.Aliases;

/// <summary>What an alias may be called, and where it may point.</summary>
internal static class AliasRules
{
    public const int MaximumAliases = 32;

    private const int MaximumTargets = 8;
    private const int MaximumWeight = 1_000_000;

    /// <returns>What is wrong, or null.</returns>
    public static PluginFailure? Check(string name, IReadOnlyList<AliasTarget> targets)
    {
        // A name of digits would be an ordinal where a version is selected.
        if (!PluginName.IsValid(name) || !char.IsAsciiLetterLower(name[0]))
            return Invalid("An alias's name is 1 to 63 lower-case letters, digits and hyphens, and begins with a letter.");

        if (targets.Count is 0 or > MaximumTargets)
            return Invalid($"An alias points at 1 to {MaximumTargets} versions, not at {targets.Count}.");

        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i] is not { Weight: >= 1 and <= MaximumWeight })
                return Invalid($"A target has a weight between 1 and {MaximumWeight}. A version that is to get no invocation is left out.", i);

            for (var j = 0; j < i; j++)
            {
                if (targets[j].Version == targets[i].Version)
                    return Invalid($"Version {targets[i].Version} is named twice.", i);
            }
        }

        return null;
    }

    private static PluginFailure Invalid(string detail, int? target = null) => new(FailureCode.InvalidAlias, detail)
    {
        Errors = target is { } index
            ? new Dictionary<string, string[]>(StringComparer.Ordinal) { [string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/targets/{index}")] = [detail] }
            : null,
    };
}
