using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PluginHost.Cli.Output;

/// <summary>An answer's body on standard output, byte by byte; on a terminal only what is text, without what would take the terminal over.</summary>
internal static class AnswerBody
{
    /// <param name="kind">What it is, in the words of the note that stands for it.</param>
    public static async Task WriteAsync(Terminal terminal, ReadOnlyMemory<byte> body, string kind, CancellationToken cancellation)
    {
        if (!terminal.Output.Profile.Out.IsTerminal)
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(body, cancellation);
        }
        else if (Utf8.IsValid(body.Span) && !body.Span.Contains((byte)0))
        {
            terminal.WriteLine(Encoding.UTF8.GetString(body.Span));
        }
        else
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{body.Length} bytes, {kind}, which are not for a terminal; > FILE keeps them"));
        }
    }
}
