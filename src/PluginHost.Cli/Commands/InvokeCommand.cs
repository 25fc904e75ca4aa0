using System.CommandLine;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Completion;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands;

/// <summary>Calls an export on the server.</summary>
internal sealed class InvokeCommand : ToolCommand
{
    private readonly Argument<string> _plugin = Symbols.Plugin();
    private readonly Argument<string> _export = new("EXPORT") { Description = "The function to call", HelpName = "EXPORT" };
    private readonly Argument<string[]> _words = new("ARGUMENT") { Description = "By position, or as --NAME VALUE where the plugin has a manifest", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string?> _args = new("--args")
    {
        Description = "The arguments as JSON, an array or an object by name, as they stand",
        HelpName = "JSON",
    };

    private readonly Option<string?> _body = Symbols.Body();

    private readonly Option<string?> _contentType = new("--content-type")
    {
        Description = "What the body is, if not what the function takes",
        HelpName = "TYPE",
    };

    private readonly Option<string?> _version = Symbols.Version();
    private readonly Option<int?> _deadline = Symbols.Deadline();

    public InvokeCommand()
        : base(
            "invoke",
            "Calls an export and prints its result. Numbers may be 0x…, NaN, Infinity, -Infinity.",
            new Example("pluginhost invoke greeter greet --name Gopher", "prints {\"text\":\"Hello, Gopher!\"}"),
            new Example("pluginhost invoke greeter greet --args '[{\"name\":\"Gopher\"}]' --json", "the server's whole answer"),
            new Example("echo '{\"name\":\"Gopher\"}' | pluginhost invoke greeter greet --body @-", "the body of the answer as it comes"))
    {
        _export.CompletionSources.Add(ServerCompletions.Exports);
        Add(_plugin);
        Add(_export);
        Add(_words);
        Add(_args);
        Add(_body);
        Add(_contentType);
        Add(_version);
        Add(_deadline);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using var server = ServerClient.Of(parsed);
        var call = new ExportCall(server, parsed.GetValue(_plugin)!, parsed.GetValue(_export)!)
        {
            Version = parsed.GetValue(_version),
            Deadline = parsed.GetValue(_deadline),
        };
        var words = parsed.GetValue(_words) ?? [];

        var (args, body) = (parsed.GetValue(_args), parsed.GetValue(_body));

        if ((args is not null ? 1 : 0) + (body is not null ? 1 : 0) + (words.Length > 0 ? 1 : 0) > 1)
            throw ToolException.Usage("Arguments are given in one way: word by word, by --args, or by --body.");

        if (body is not null)
        {
            using var answer = await call.SendBodyAsync(ArgumentJson.BytesOf(body), parsed.GetValue(_contentType), cancellation);
            var kind = answer.Content.Headers.ContentType?.MediaType ?? "of no known type";
            await AnswerBody.WriteAsync(terminal, await answer.Content.ReadAsByteArrayAsync(cancellation), kind, cancellation);
            return ExitCode.Ok;
        }

        if (args is not null)
            call.UseJson(args);
        else
            await call.UseWordsAsync(words, cancellation);

        ResultText.Write(terminal, await call.SendAsync(cancellation));
        return ExitCode.Ok;
    }
}
