using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PluginHost.Cli.CommandLine;

/// <summary>The library's help with examples behind it, and for the whole tool the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly (ExitCode Code, string Meaning)[] s_exitCodes =
    [
        (ExitCode.Ok, "done"),
        (ExitCode.PluginFailed, "the plugin's failure: it does not compile, trapped, exited, gave an error or took too long"),
        (ExitCode.Usage, "the command line, an argument or a file is wrong"),
        (ExitCode.Unreachable, "no server answers"),
        (ExitCode.Refused, "the server refused: key, unknown name, a module it cannot run, no capacity"),
        (ExitCode.NoToolchain, "no Go, or one older than 1.24"),
        (ExitCode.Interrupted, "ended by Ctrl-C"),
    ];

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;

        switch (parseResult.CommandResult.Command)
        {
            case ToolCommand command:
                output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");

                foreach (var example in command.Examples)
                {
                    output.WriteLine($"  # {example.Meaning}");
                    output.WriteLine($"  {example.Line}");
                }

                output.WriteLine();
                break;
            case RootCommand:
                output.WriteLine("Exit codes:");

                foreach (var (code, meaning) in s_exitCodes)
                    output.WriteLine($"  {(int)code,-4} {meaning}");

                output.WriteLine();
                break;
        }

        return 0;
    }
}
