using System.Globalization;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;
using Spectre.Console;

namespace PluginHost.Cli.Logs;

/// <summary>Lines of a log for people, or each as a line of JSON.</summary>
internal static class LogWriter
{
    private static readonly Style s_faint = new(foreground: Color.Grey);
    private static readonly Style s_error = new(foreground: Color.Yellow);

    public static void Write(Terminal terminal, LogLine line)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(line, CliJsonContext.Default.LogLine);
            return;
        }

        var where = line.Invocation == 0 ? "start" : string.Create(CultureInfo.InvariantCulture, $"#{line.Invocation}");
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture, $"{line.Time.ToLocalTime():HH:mm:ss.fff} v{line.Version} {where} "), s_faint);
        terminal.Output.WriteLine(PrintableText.Of(line.Text), line.Stream == "stderr" ? s_error : Style.Plain);
    }
}
