using System.CommandLine.Parsing;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Go;
using PluginHost.Cli.Logs;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Dev;

/// <summary>Builds, uploads and calls a plugin again and again. What fails is shown, and the next change is waited for.</summary>
/// <param name="calls">Export and arguments of what to call behind each upload.</param>
internal sealed class DevLoop(GoToolchain go, PluginProject project, string plugin, IReadOnlyList<string> calls, ServerClient server, Terminal terminal)
{
    private long _seen;

    /// <summary>Whether plugin.json is made from the source.</summary>
    public bool WritesManifest { get; init; } = true;

    public async Task RunAsync(SourceWatcher watcher, TimeProvider clock, CancellationToken cancellation)
    {
        while (true)
        {
            await RoundAsync(cancellation);
            terminal.Note("waiting for changes; Ctrl-C ends");
            await watcher.WaitAsync(clock, cancellation);
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        try
        {
            Report.Built(terminal, await PluginBuild.RunAsync(go, project, WritesManifest, cancellation), go);
            Report.Pushed(terminal, await ModuleUpload.RunAsync(server, project, plugin, terminal, cancellation));
        }
        catch (ToolException failure)
        {
            Fail(failure);
            return;
        }

        foreach (var call in calls)
        {
            try
            {
                await CallAsync(call, cancellation);
            }
            catch (ToolException failure)
            {
                Fail(failure);
            }
        }

        await ShowLogAsync(cancellation);
    }

    private async Task CallAsync(string line, CancellationToken cancellation)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(line)];

        if (words.Length == 0)
            return;

        var call = new ExportCall(server, plugin, words[0]);
        await call.UseWordsAsync(words[1..], cancellation);
        var answer = await call.SendAsync(cancellation);

        if (terminal.Json)
            terminal.WriteJson(new AnsweredEvent(line, answer), CliJsonContext.Default.AnsweredEvent);
        else
            terminal.WriteLine($"{line}: {ResultText.Line(answer)}");
    }

    /// <summary>What the plugin printed since the last time.</summary>
    private async Task ShowLogAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var line in await server.LogsAsync(plugin, limit: null, cancellation))
            {
                if (line.Sequence <= _seen)
                    continue;

                _seen = line.Sequence;
                LogWriter.Write(terminal, line);
            }
        }
        catch (ToolException failure)
        {
            Fail(failure);
        }
    }

    private void Fail(ToolException failure)
    {
        if (terminal.Json)
            terminal.WriteJson(new FailedEvent(failure.Problem), CliJsonContext.Default.FailedEvent);
        else
            terminal.WriteProblem(failure.Problem);
    }
}
