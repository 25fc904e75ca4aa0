using System.Net;

namespace PluginHost.Api.Security;

/// <summary>Where the server listens, and who reaches it there.</summary>
internal static class ListeningRules
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The addresses that the configuration asks for, in Kestrel's own order of precedence; the default where it asks for none.</summary>
    public static IReadOnlyList<string> Addresses(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();

        if (endpoints.Count > 0)
            return endpoints;

        var urls = Split(configuration["urls"]);

        if (urls.Length > 0)
            return urls;

        string[] ports =
        [
            .. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"),
            .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}"),
        ];

        return ports.Length > 0 ? ports : [DefaultUrl];
    }

    /// <returns>Why the server must not start, or null.</returns>
    public static string? Refusal(IReadOnlyList<string> addresses) =>
        addresses.FirstOrDefault(address => BindingAddress.Parse(address).Port > IPEndPoint.MaxPort) is { } wrong ? $"{wrong} has no port between 0 and {IPEndPoint.MaxPort}." : null;

    /// <summary>Whether only this machine reaches the server. What a container's addresses lead to is decided outside of it.</summary>
    public static bool IsLocal(IReadOnlyList<string> addresses, bool isInContainer) => !isInContainer && addresses.All(IsLoopback);

    private static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address).Host;
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var parsed) && IPAddress.IsLoopback(parsed));
    }

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
