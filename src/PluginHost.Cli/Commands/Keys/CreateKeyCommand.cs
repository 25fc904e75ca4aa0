using System.CommandLine;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Completion;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Keys;

/// <summary>Makes a key.</summary>
internal sealed class CreateKeyCommand : ToolCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "What people call the key", HelpName = "NAME" };

    private readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "What it allows: read, invoke, deploy (with read), admin (everything); several times for several",
        HelpName = "SCOPE",
        Required = true,
    };

    private readonly Option<string?> _plugin = new("--plugin") { Description = "The only plugin that it is for", HelpName = "PLUGIN" };
    private readonly Option<string?> _expires = new("--expires") { Description = "When it ends by itself: 12h, 30d, or a date", HelpName = "TIME" };
    private readonly Option<int?> _rate = new("--rate") { Description = "How many requests a second it may send", HelpName = "COUNT" };
    private readonly Option<int?> _burst = new("--burst") { Description = "How many of them at once", HelpName = "COUNT" };

    public CreateKeyCommand()
        : base(
            "create",
            "Makes a key and prints it: the one time that it is shown.",
            new Example("pluginhost keys create ci --scope deploy --plugin greeter --expires 30d", "a key for a pipeline"),
            new Example("pluginhost keys create web --scope invoke --rate 100 --json > web.json", "with its id and all else"))
    {
        _scopes.AcceptOnlyFromAmong("read", "invoke", "deploy", "admin");
        _plugin.CompletionSources.Add(ServerCompletions.Plugins);
        Add(_name);
        Add(_scopes);
        Add(_plugin);
        Add(_expires);
        Add(_rate);
        Add(_burst);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var expires = parsed.GetValue(_expires) is { } time ? TimeArgument.Parse(time, DateTimeOffset.UtcNow) : (DateTimeOffset?)null;
        using var server = ServerClient.Of(parsed);
        var made = await server.CreateKeyAsync(
            new NewServerKey(parsed.GetValue(_name)!, parsed.GetValue(_scopes)!, parsed.GetValue(_plugin), expires, parsed.GetValue(_rate), parsed.GetValue(_burst)), cancellation);

        if (terminal.Json)
        {
            terminal.WriteJson(made, CliJsonContext.Default.MadeServerKey);
            return ExitCode.Ok;
        }

        // The key alone, so that a script can take it.
        terminal.WriteLine(made.Secret);
        terminal.Note($"key {made.Key.Id} is shown only now; revoke it with: pluginhost keys revoke {made.Key.Id}");
        return ExitCode.Ok;
    }
}
