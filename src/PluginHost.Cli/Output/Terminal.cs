using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PluginHost.Cli.Server;
using Spectre.Console;

namespace PluginHost.Cli.Output;

/// <summary>Where a command writes: results to standard output, everything else to standard error, either for people or as JSON.</summary>
internal sealed class Terminal(bool json)
{
    /// <summary>What is not a terminal has no width at which lines should break.</summary>
    private const int EndlessWidth = 100_000;

    /// <summary>Whether results and problems are JSON, for programs.</summary>
    public bool Json => json;

    public IAnsiConsole Output { get; } = Open(Console.Out);

    public IAnsiConsole Error { get; } = Open(Console.Error);

    /// <summary>One line of result. The text may be anybody's.</summary>
    public void WriteLine(string text) => Output.Profile.Out.Writer.WriteLine(Output.Profile.Out.IsTerminal ? PrintableText.Of(text, keepsLines: true) : text);

    /// <summary>One line of JSON as a result.</summary>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => Output.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>What is going on, for people only.</summary>
    public void Note(string text)
    {
        if (!json)
            Error.WriteLine(PrintableText.Of(text), new Style(foreground: Color.Grey));
    }

    public void WriteProblem(Problem problem)
    {
        if (json)
            Console.Error.WriteLine(JsonSerializer.Serialize(problem, CliJsonContext.Default.Problem));
        else
            ProblemText.Write(Error, problem);
    }

    private static IAnsiConsole Open(TextWriter writer)
    {
        // Standing in a build pipeline changes nothing: only a terminal gets colours, and only where nobody asked for none (no-color.org).
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });

        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = EndlessWidth;
            console.Profile.Capabilities.Ansi = false;
            console.Profile.Capabilities.Interactive = false;
            console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }
        else
        {
            // Standard error may be a terminal where standard output is none.
            console.Profile.Capabilities.Interactive = true;

            if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
                console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        return console;
    }
}
