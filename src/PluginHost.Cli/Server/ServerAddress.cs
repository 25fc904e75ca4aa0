using System.CommandLine;
using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Server;

/// <summary>Which server is meant, and its key.</summary>
/// <param name="Url">Ends with a slash.</param>
internal sealed record ServerAddress(Uri Url, string? Key)
{
    public static ServerAddress Of(ParseResult parsed)
    {
        var text = parsed.GetValue(GlobalOptions.Server) ?? Variable(GlobalOptions.ServerVariable) ?? GlobalOptions.DefaultServer;

        if (!Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Query.Length > 0)
            throw ToolException.Usage($"The server's address is an http or https URL without user name and query, such as {GlobalOptions.DefaultServer}.");

        var key = parsed.GetValue(GlobalOptions.Key) ?? Variable(GlobalOptions.KeyVariable);

        if (key is not null && key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw ToolException.Usage("The key has characters that no key of a server has: a space or a line end at its end, perhaps.");

        return new ServerAddress(url, key);
    }

    /// <summary>The key is nobody's to see.</summary>
    public override string ToString() => Url.ToString();

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
