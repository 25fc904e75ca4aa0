using System.CommandLine;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Local;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;
using PluginHost.Plugins;
using PluginHost.Wasm.Modules;

namespace PluginHost.Cli.Commands;

/// <summary>Calls an export of a file, without a server.</summary>
internal sealed class RunCommand : ToolCommand
{
    private const int DefaultDeadline = 30_000;

    private readonly Argument<FileInfo> _file = new("FILE") { Description = "The module, as 'build' makes it" };
    private readonly Argument<string> _export = new("EXPORT") { Description = "The function to call" };
    private readonly Argument<string[]> _words = new("ARGUMENT") { Description = "The arguments by position", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<int?> _deadline = Symbols.Deadline();

    public RunCommand()
        : base("run", "Calls an export of a module with no server: the host that a server has runs inside the tool.", new Example("pluginhost run greeter/greeter.wasm square 12", "prints 144"))
    {
        Add(_file.AcceptExistingOnly());
        Add(_export);
        Add(_words);
        _deadline.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError("A deadline is at least 1 millisecond.");
        });
        Add(_deadline);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var file = parsed.GetValue(_file)!;
        var name = Path.GetFileNameWithoutExtension(file.Name).ToLowerInvariant();
        var plugin = PluginName.IsValid(name) ? name : "plugin";
        await using var host = await LocalHost.StartAsync(parsed.GetValue(_deadline) ?? DefaultDeadline, cancellation);

        try
        {
            await UploadAsync(host, plugin, file, cancellation);
            ResultText.Write(terminal, await CallAsync(host, plugin, parsed.GetValue(_export)!, parsed.GetValue(_words) ?? [], cancellation));
            return ExitCode.Ok;
        }
        finally
        {
            ShowLog(host, plugin, terminal);
        }
    }

    private static async Task UploadAsync(LocalHost host, string plugin, FileInfo file, CancellationToken cancellation)
    {
        await using var module = file.OpenRead();
        var uploaded = await host.Plugins.UploadAsync(plugin, module, cancellation);

        if (!uploaded.Succeeded)
            throw FailureProblem.Of(uploaded.Failure);
    }

    private static async Task<System.Text.Json.JsonElement> CallAsync(LocalHost host, string plugin, string export, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var target = await host.Invoker.ResolveAsync(plugin, null, export, cancellation);

        if (!target.Succeeded)
            throw FailureProblem.Of(target.Failure);

        var type = target.Value.Type;
        var texts = ArgumentBinder.Bind($"{export}{type}", TypedName.Of(type.Parameters.Select(parameter => parameter.Name())), words, isComplete: true);
        var results = new ulong[type.Results.Length];
        var result = await host.Invoker.InvokeAsync(target.Value, LocalArguments.Read(type, texts), results, null, cancellation);

        // What the plugin wrote is shown as its log.
        return result.Succeeded ? LocalArguments.Answer(type, results) : throw FailureProblem.Of(result.Failure with { StandardError = null });
    }

    private static void ShowLog(LocalHost host, string plugin, Terminal terminal)
    {
        foreach (var line in host.Plugins.Logs(plugin).Value ?? [])
            Console.Error.WriteLine(terminal.Error.Profile.Out.IsTerminal ? PrintableText.Of(line.Text) : line.Text);
    }
}
