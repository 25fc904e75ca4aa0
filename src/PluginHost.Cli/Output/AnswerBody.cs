using System.Globalization;
using System.Text;

namespace PluginHost.Cli.Output;

/// <summary>An answer's body on standard output, byte by byte; on a terminal only what is text, without what would take the terminal over.</summary>
internal static class AnswerBody
{
    public static async Task WriteAsync(Terminal terminal, HttpContent content, CancellationToken cancellation)
    {
        if (!terminal.Output.Profile.Out.IsTerminal)
        {
            await using var output = Console.OpenStandardOutput();
            await content.CopyToAsync(output, cancellation);
            return;
        }

        var bytes = await content.ReadAsByteArrayAsync(cancellation);
        var type = content.Headers.ContentType?.MediaType ?? "";

        if (type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("json", StringComparison.Ordinal) || IsText(bytes))
            terminal.WriteLine(Encoding.UTF8.GetString(bytes));
        else
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes of {type}, which is not for a terminal; > FILE keeps them"));
    }

    private static bool IsText(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.AsSpan().Contains((byte)0);
}
