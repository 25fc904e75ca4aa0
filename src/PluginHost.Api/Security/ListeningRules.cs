using System.Net;

namespace PluginHost.Api.Security;

/// <summary>Where the server may listen: without a key on this machine only, and in a container not at all.</summary>
internal static class ListeningRules
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <returns>Why the server must not start, or null.</returns>
    public static string? Refusal(IEnumerable<string> urls, bool hasKey, bool isInContainer)
    {
        if (hasKey)
            return null;

        if (isInContainer)
            return "In a container the server needs a key: set PluginHost__ApiKey.";

        return urls.FirstOrDefault(url => !IsLoopback(url)) is { } open
            ? $"Without a key the server listens on this machine only, and {open} is open to others: set PluginHost__ApiKey, or listen on {DefaultUrl}."
            : null;
    }

    private static bool IsLoopback(string url)
    {
        var host = Microsoft.AspNetCore.Http.BindingAddress.Parse(url).Host;
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
