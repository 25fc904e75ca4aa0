using System.CommandLine;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Local;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.Commands;

/// <summary>Calls an export of a file, without a server.</summary>
internal sealed class RunCommand : ToolCommand
{
    private const int DefaultDeadline = 30_000;

    private readonly Argument<FileInfo> _file = new("FILE") { Description = "The module, as 'build' makes it; plugin.json beside it names parameters" };
    private readonly Argument<string> _export = new("EXPORT") { Description = "The function to call" };
    private readonly Argument<string[]> _words = new("ARGUMENT") { Description = "By position, or as --NAME VALUE where there is a manifest", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _body = Symbols.Body();
    private readonly Option<FileInfo> _configuration = Symbols.Configuration();
    private readonly Option<int?> _deadline = Symbols.Deadline();

    public RunCommand()
        : base(
            "run",
            "Calls an export of a module with no server: the host that a server has runs inside the tool.",
            new Example("pluginhost run greeter/greeter.wasm greet --name Gopher", "prints {\"text\":\"Hello, Gopher!\"}"))
    {
        Add(_file.AcceptExistingOnly());
        Add(_export);
        Add(_words);
        Add(_body);
        Add(_configuration);
        _deadline.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError("A deadline is at least 1 millisecond.");
        });
        Add(_deadline);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var words = parsed.GetValue(_words) ?? [];
        var body = parsed.GetValue(_body);

        if (body is not null && words.Length > 0)
            throw ToolException.Usage("Arguments are given in one way: word by word, or by --body.");

        await using var host = await LocalHost.StartAsync(parsed.GetValue(_deadline) ?? DefaultDeadline, cancellation);
        var plugin = new LocalPlugin(host, parsed.GetValue(_file)!);
        var export = parsed.GetValue(_export)!;

        try
        {
            if (parsed.GetValue(_configuration) is { } configuration)
                await plugin.ConfigureAsync(configuration, cancellation);

            await plugin.UploadAsync(cancellation);

            if (body is null)
                ResultText.Write(terminal, await plugin.CallAsync(export, words, cancellation));
            else
                await AnswerBody.WriteAsync(terminal, await plugin.CallAsync(export, ArgumentJson.BytesOf(body), cancellation), "the answer", cancellation);

            return ExitCode.Ok;
        }
        finally
        {
            ShowLog(host, plugin.Name, terminal);
        }
    }

    private static void ShowLog(LocalHost host, string plugin, Terminal terminal)
    {
        foreach (var line in host.Plugins.Logs(plugin).Value ?? [])
            Console.Error.WriteLine(terminal.Error.Profile.Out.IsTerminal ? PrintableText.Of(line.Text) : line.Text);
    }
}
