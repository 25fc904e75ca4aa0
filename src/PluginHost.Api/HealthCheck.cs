namespace PluginHost.Api;

/// <summary>
/// The subcommand <c>healthcheck</c>: asks the server on this machine whether it is ready, for a container whose image has no other client.
/// </summary>
internal static class HealthCheck
{
    public const string Command = "healthcheck";

    public static async Task<int> RunAsync()
    {
        var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS");
        var ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS");
        var port = string.IsNullOrEmpty(urls) ? (string.IsNullOrEmpty(ports) ? "8080" : ports).Split(';')[0] : $"{BindingAddress.Parse(urls.Split(';')[0]).Port}";

        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return 1;
        }
    }
}
