namespace PluginHost.Api;

/// <summary>
/// The subcommand <c>healthcheck</c>: asks the server on this machine whether it is ready, for a container whose image has no other client.
/// </summary>
internal static class HealthCheck
{
    public const string Command = "healthcheck";

    public static async Task<int> RunAsync()
    {
        var ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") ?? "8080";

        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{ports.Split(';')[0]}/readyz"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return 1;
        }
    }
}
