using System.CommandLine;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Output;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Commands.Keys;

/// <summary>Ends a key.</summary>
internal sealed class RevokeKeyCommand : ToolCommand
{
    private readonly Argument<string> _key = new("KEY") { Description = "The key's id, or its name where no other key has it", HelpName = "KEY" };

    public RevokeKeyCommand()
        : base("revoke", "Ends a key: from the next request on it counts no more.", new Example("pluginhost keys revoke ci", "by its name")) => Add(_key);

    protected override async Task<ExitCode> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var wanted = parsed.GetValue(_key)!;
        using var server = ServerClient.Of(parsed);
        var keys = (await server.KeysAsync(cancellation)).Items;
        var key = keys.FirstOrDefault(key => key.Id == wanted);

        if (key is null)
        {
            var named = keys.Where(key => key.Name == wanted && key.RevokedAt is null).ToList();

            key = named switch
            {
                [var one] => one,
                [] => throw new ToolException(ExitCode.Refused, "key-not-found", "Key not found", $"There is no key '{wanted}' that is not revoked."),
                _ => throw ToolException.Usage($"{named.Count} keys are called '{wanted}': say which by its id, {string.Join(" or ", named.Select(key => key.Id))}."),
            };
        }

        await server.RevokeKeyAsync(key.Id, cancellation);

        if (terminal.Json)
            terminal.WriteJson(new RevokedEvent(key.Id), CliJsonContext.Default.RevokedEvent);
        else
            terminal.WriteLine($"key {key.Id} '{key.Name}' is revoked");

        return ExitCode.Ok;
    }
}
