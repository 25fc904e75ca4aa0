namespace PluginHost.Soak.Workers;

/// <summary>Reads everything that can be read, and asks for what there is not.</summary>
internal sealed class ReaderWorker(SoakClient client, Violations violations, Random random) : Worker(client, violations, random)
{
    private static readonly string[] _readable =
    [
        "/livez", "/readyz", "/openapi/v1.json", "/v1/server", "/v1/plugins?pageSize=3", "/v1/plugins", "/v1/plugins/calc", "/v1/plugins/calc/versions", "/v1/plugins/calc/versions/live",
        "/v1/plugins/calc/versions/1/wasm", "/v1/plugins/calc/exports", "/v1/plugins/faults/stats", "/v1/plugins/text/stats", "/v1/plugins/faults/logs", "/v1/plugins/faults/logs?limit=5",
    ];

    private static readonly (string Path, string Body, int Status)[] _wrong =
    [
        ("/v1/plugins/calc/exports/add/invoke", "{\"args\":[1]}", 400),
        ("/v1/plugins/calc/exports/add/invoke", "{\"args\":[1,", 400),
        ("/v1/plugins/calc/exports/add/invoke", "{\"args\":[1,0.5]}", 400),
        ("/v1/plugins/calc/exports/nothing/invoke", "{\"args\":[]}", 404),
        ("/v1/plugins/nobody/exports/add/invoke", "{\"args\":[]}", 404),
        ("/v1/plugins/calc/exports/add/invoke?version=999", "{\"args\":[1,2]}", 404),
        ("/v1/plugins/calc/exports/add/invoke", new string(' ', 1_200_000), 413),
        ("/v1/plugins/Not_A_Name/versions", "{}", 415),
        ("/v1/plugins/validate", "{}", 415),
    ];

    protected override async Task StepAsync(CancellationToken stop)
    {
        await Task.Delay(Random.Next(0, 60), CancellationToken.None);

        if (Random.Next(4) > 0)
        {
            await Client.GetAsync("read", _readable[Random.Next(_readable.Length)], 200);
            return;
        }

        var (path, body, status) = _wrong[Random.Next(_wrong.Length)];
        await Client.SendAsync("wrong request", HttpMethod.Post, path, SoakClient.Json(body), [status]);
        await Client.GetAsync("wrong request", $"/v1/plugins?pageToken={Random.Next():x}!", 400);
    }
}
