using System.Buffers;
using System.CommandLine.Completions;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Completion;

/// <summary>Names that the server knows, for the shell's completion.</summary>
internal static class ServerCompletions
{
    /// <summary>Longer than this nobody waits for a key press.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>A shell puts what it is proposed on its command line as it stands. A plugin can call its exports anything, <c>$(reboot)</c> too.</summary>
    private static readonly SearchValues<char> s_harmless = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    /// <summary>Plugins, as a command's first argument.</summary>
    public static IEnumerable<CompletionItem> Plugins(CompletionContext context) =>
        Ask(context, 0, async (server, _, cancellation) => (await server.PluginsAsync(cancellation)).Select(plugin => plugin.Name));

    /// <summary>The exports of the plugin that is the first argument, as the second.</summary>
    public static IEnumerable<CompletionItem> Exports(CompletionContext context) =>
        Ask(context, 1, async (server, words, cancellation) => (await server.ExportsAsync(words[0], null, cancellation)).Items.Select(export => export.Name));

    private static IEnumerable<CompletionItem> Ask(CompletionContext context, int position, Func<ServerClient, string[], CancellationToken, Task<IEnumerable<string>>> question)
    {
        string[] words = [.. context.ParseResult.CommandResult.Tokens.Select(token => token.Value)];
        var current = context.WordToComplete.Length == 0 ? words.Length : words.Length - 1;

        // The help asks too, to show a choice of a few values.
        if (context is not TextCompletionContext || current != position)
            return [];

        try
        {
            using var server = ServerClient.Of(context.ParseResult);
            using var end = new CancellationTokenSource(s_patience);
            var names = Task.Run(() => question(server, words, end.Token)).GetAwaiter().GetResult();
            return [.. names.Where(name => !name.AsSpan().ContainsAnyExcept(s_harmless)).Select(name => new CompletionItem(name))];
        }
        catch (Exception exception) when (exception is ToolException or OperationCanceledException)
        {
            // Without a server there is nothing to propose, and nobody reads messages here.
            return [];
        }
    }
}
