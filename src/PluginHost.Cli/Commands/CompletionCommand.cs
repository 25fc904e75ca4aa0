using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.Commands;

/// <summary>Prints the script that makes a shell complete the tool's commands, options, and what the server knows.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "The shell to complete in" };

    public CompletionCommand()
        : base("completion", "Prints the script that makes a shell complete commands, options, plugins and exports.", new Example("eval \"$(pluginhost completion bash)\"", "in ~/.bashrc"))
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(_shell);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion/{parsed.GetValue(_shell)}")!;
        await using var output = Console.OpenStandardOutput();
        await script.CopyToAsync(output, cancellation);
        return ExitCode.Ok;
    }
}
