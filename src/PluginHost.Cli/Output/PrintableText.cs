using System.Globalization;
using System.Text;

namespace PluginHost.Cli.Output;

/// <summary>Text of others – plugins, servers, compilers – without what would take a terminal over: control characters and changes of direction.</summary>
internal static class PrintableText
{
    /// <summary>The text with every such character as <c>\u001B</c>; tabs stay, and line ends where they are asked for.</summary>
    public static string Of(string text, bool keepsLines = false)
    {
        var position = 0;

        while (position < text.Length && IsPrintable(text[position], keepsLines))
            position++;

        if (position == text.Length)
            return text;

        var printable = new StringBuilder(text, 0, position, text.Length + 16);

        foreach (var character in text.AsSpan(position))
        {
            if (IsPrintable(character, keepsLines))
                printable.Append(character);
            else
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }

        return printable.ToString();
    }

    private static bool IsPrintable(char character, bool keepsLines) => character switch
    {
        '\t' => true,
        '\n' => keepsLines,
        >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u2028' or '\u2029' => false,
        _ => !char.IsControl(character),
    };
}
