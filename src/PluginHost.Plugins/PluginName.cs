namespace PluginHost.Plugins;

/// <summary>The rule for plugins' names: they stand in URLs and file names as they are.</summary>
public static class PluginName
{
    private const int MaximumLength = 63;

    /// <summary>Whether the name is of the form <c>[a-z0-9]([a-z0-9-]{0,62})</c>.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaximumLength || name[0] == '-')
            return false;

        foreach (var character in name)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-')
                return false;
        }

        return true;
    }

    internal static PluginFailure Invalid() =>
        new(FailureCode.InvalidName, "A plugin's name is 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen.");
}
