using System.Net.Security;

namespace PluginHost.Api.Probes;

/// <summary>
/// The argument <c>healthcheck</c>: asks the server of the same environment whether it is ready, for an image that has neither a shell nor curl.
/// </summary>
internal static class HealthCheckCommand
{
    public const string Name = "healthcheck";

    private const int Healthy = 0;
    private const int Unhealthy = 1;

    /// <summary>Returns the exit code that container engines expect.</summary>
    /// <param name="addresses">The addresses that the server was told to listen on.</param>
    public static async Task<int> RunAsync(IEnumerable<string> addresses, TextWriter errors)
    {
        // Short of the five seconds that the image grants, so that the reason is still said.
        using var handler = new HttpClientHandler();

#pragma warning disable MA0039 // The certificate is for the name that others use, and this process asks its own server over the loopback.
        handler.ServerCertificateCustomValidationCallback = (request, _, _, errors) => errors == SslPolicyErrors.None || request.RequestUri is { IsLoopback: true };
#pragma warning restore MA0039
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(4) };

        try
        {
            using var answer = await client.GetAsync(new Uri(Reachable(addresses.First()), "/readyz"));

            if (answer.IsSuccessStatusCode)
                return Healthy;

            await errors.WriteLineAsync($"readyz answered {(int)answer.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or FormatException)
        {
            await errors.WriteLineAsync(error.Message);
        }

        return Unhealthy;
    }

    /// <summary>The address with the names for "every interface" replaced by one that can be called.</summary>
    public static Uri Reachable(string address)
    {
        // "+" and "*" are Kestrel's own and no host names.
        var uri = new Uri(address.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal));

        return uri.Host is "0.0.0.0" or "[::]" ? new UriBuilder(uri) { Host = "127.0.0.1" }.Uri : uri;
    }
}
