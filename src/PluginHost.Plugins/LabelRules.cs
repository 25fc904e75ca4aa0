using System.Buffers;

namespace PluginHost.Plugins;

/// <summary>What labels may be: as Kubernetes has them.</summary>
internal static class LabelRules
{
    public const int MaximumLabels = 32;

    private const int MaximumLength = 63;
    private const int MaximumPrefix = 253;

    private static readonly SearchValues<char> LowerCaseHostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static void Check(IReadOnlyDictionary<string, string> labels, Dictionary<string, string[]> errors)
    {
        if (labels.Count > MaximumLabels)
            errors["/labels"] = [FormattableString.Invariant($"must not be more than {MaximumLabels}.")];

        foreach (var (key, value) in labels.Take(MaximumLabels))
        {
            if (!IsKey(key))
                errors["/labels/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)] =
                    ["has a key that is none: up to 63 letters, digits, '-', '_' and '.', a letter or digit first and last, perhaps behind a DNS name and '/'."];
            else if (value is null || !IsValue(value))
                errors["/labels/" + key.Replace("/", "~1", StringComparison.Ordinal)] = ["must be empty, or up to 63 letters, digits, '-', '_' and '.', a letter or digit first and last."];
        }
    }

    /// <summary>Whether the text is a name, perhaps behind a DNS name and a slash.</summary>
    public static bool IsKey(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return IsName(text.AsSpan(slash + 1)) && (slash < 0 || IsPrefix(text.AsSpan(0, slash)));
    }

    public static bool IsValue(string text) => text.Length == 0 || IsName(text);

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaximumLength || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
            return false;

        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))
                return false;
        }

        return true;
    }

    private static bool IsPrefix(ReadOnlySpan<char> text)
    {
        if (text.Length > MaximumPrefix)
            return false;

        foreach (var part in text.Split('.'))
        {
            var label = text[part];

            if (label.IsEmpty || label.Length > MaximumLength || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(LowerCaseHostCharacters))
                return false;
        }

        return true;
    }
}
