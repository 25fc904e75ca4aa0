using System.CommandLine;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.CommandLine;

/// <summary>One of the tool's commands: its failures become an exit code and a problem on standard error.</summary>
internal abstract class ToolCommand : Command
{
    protected ToolCommand(string name, string description, params Example[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(InvokeAsync);
    }

    public IReadOnlyList<Example> Examples { get; }

    protected abstract Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var terminal = new Terminal(parsed.GetValue(GlobalOptions.Json));

        try
        {
            return (int)await RunAsync(parsed, terminal, cancellation);
        }
        catch (ToolException failure)
        {
            terminal.WriteProblem(failure.Problem);
            return (int)failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (HttpRequestException exception)
        {
            // In the middle of an answer.
            terminal.WriteProblem(new() { Code = "unreachable", Title = "No server", Detail = $"The server broke off: {exception.Message}" });
            return (int)ExitCode.Unreachable;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.WriteProblem(new() { Code = "file", Title = "A file cannot be used", Detail = exception.Message });
            return (int)ExitCode.Usage;
        }
    }
}
