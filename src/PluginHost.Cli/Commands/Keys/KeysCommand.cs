using System.CommandLine;

namespace PluginHost.Cli.Commands.Keys;

/// <summary>What concerns the keys of the server's callers.</summary>
internal sealed class KeysCommand : Command
{
    public KeysCommand()
        : base("keys", "Makes, lists and revokes the keys of the server's callers. It takes a key with the scope admin.")
    {
        Add(new CreateKeyCommand());
        Add(new ListKeysCommand());
        Add(new RevokeKeyCommand());
    }
}
