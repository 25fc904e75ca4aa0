namespace PluginHost.Api.Probes;

/// <summary>
/// The argument <c>healthcheck</c>: asks the server of the same environment whether it lives, for an image that has neither a shell nor curl.
/// </summary>
internal static class HealthCheckCommand
{
    public const string Name = "healthcheck";

    private const string DefaultAddress = "http://127.0.0.1:5080";
    private const int Healthy = 0;
    private const int Unhealthy = 1;

    /// <summary>Returns the exit code that container engines expect.</summary>
    /// <param name="addresses">The addresses that the server was told to listen on, separated by semicolons; null for the default.</param>
    public static async Task<int> RunAsync(string? addresses, TextWriter errors)
    {
        // Short of the five seconds that the image grants, so that the reason is still said.
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };

        try
        {
            using var answer = await client.GetAsync(new Uri(Reachable(addresses), "/livez"));

            if (answer.IsSuccessStatusCode)
                return Healthy;

            await errors.WriteLineAsync($"livez answered {(int)answer.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            await errors.WriteLineAsync(error.Message);
        }

        return Unhealthy;
    }

    /// <summary>The first address, with the names for "every interface" replaced by one that can be called.</summary>
    internal static Uri Reachable(string? addresses)
    {
        var first = addresses?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? DefaultAddress;

        // "+" and "*" are Kestrel's own and no host names.
        var uri = new Uri(first.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal));

        return uri.Host is "0.0.0.0" or "[::]" ? new UriBuilder(uri) { Host = "127.0.0.1" }.Uri : uri;
    }
}
