using System.Globalization;
using PluginHost.Cli.Server;
using Spectre.Console;

namespace PluginHost.Cli.Output;

/// <summary>A problem for people: what, why, where in the arguments, and what the plugin said last.</summary>
internal static class ProblemText
{
    private static readonly Style s_title = new(foreground: Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_name = new(foreground: Color.Grey);

    public static void Write(IAnsiConsole console, Problem problem)
    {
        console.Write(PrintableText.Of(problem.Title ?? "Error"), s_title);
        console.WriteLine(problem.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $" ({PrintableText.Of(problem.Code ?? "?")}, HTTP {status})") : "");

        if (problem.Detail is { } detail)
        {
            foreach (var line in detail.Split('\n'))
                console.WriteLine("  " + PrintableText.Of(line.TrimEnd('\r')));
        }

        WriteField(console, "where", problem.Argument ?? problem.Pointer);
        WriteField(console, "type", problem.Signature);
        WriteField(console, "trap", problem.Trap);
        WriteField(console, "panic", problem.Panic);
        WriteField(console, "exit code", problem.ExitCode?.ToString(CultureInfo.InvariantCulture));
        WriteField(console, "plugin's code", problem.PluginCode);
        WriteField(console, "details", problem.PluginDetails?.GetRawText());
        WriteField(console, "function", problem.Function);
        WriteField(console, "offset", problem.Offset is { } offset ? string.Create(CultureInfo.InvariantCulture, $"0x{offset:x}") : null);
        WriteList(console, "stack", problem.Stack);
        WriteList(console, "stderr", problem.Stderr);
        WriteList(console, "imports", problem.Imports);
        WriteField(console, "there is", problem.Available is { Count: > 0 } available ? string.Join(", ", available) : null);

        foreach (var (pointer, errors) in problem.Errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal))
            WriteList(console, pointer, errors);

        foreach (var (name, value) in problem.Others ?? [])
            WriteField(console, name, value.GetRawText());

        WriteField(console, "invocation", problem.Invocation is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number}") : null);
        WriteField(console, "instance", problem.Instance);
    }

    private static void WriteField(IAnsiConsole console, string name, string? value)
    {
        if (value is null)
            return;

        console.Write($"  {PrintableText.Of(name)}: ", s_name);
        console.WriteLine(PrintableText.Of(value));
    }

    private static void WriteList(IAnsiConsole console, string name, IReadOnlyList<string>? lines)
    {
        if (lines is not { Count: > 0 })
            return;

        console.WriteLine($"  {PrintableText.Of(name)}:", s_name);

        foreach (var line in lines)
            console.WriteLine("    " + PrintableText.Of(line));
    }
}
