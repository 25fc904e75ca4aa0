using System.Globalization;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.HostFunctions;

/// <summary>The key-value store as a Go module uses it, through REST.</summary>
public sealed class KeyValueHttpTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Keys_AllThatTheStoreCanDo_IsAsWrittenDown()
    {
        var guest = await HostGuest.StartAsync(api);

        await guest.CallAsync("keys");

        Assert.Equal(
            [
                "get nothing: -1",
                "get: one true 3 0",
                """list a/: true [{"key":"a/1","version":1,"length":3},{"key":"a/2","version":2,"length":3}]""",
                """list after: [{"key":"a/2","version":2,"length":3},{"key":"b/1","version":3,"length":7}]""",
                """list limit: [{"key":"a/1","version":1,"length":3}]""",
                "cas new on old: -2",
                "cas stale: -2",
                "cas: true uno",
                "delete stale: -2",
                "delete: 0 0 -1",
                "cas new: true",
                "bad keys: -5 -5 -5 -5",
                "umlaut: Grüße",
                "empty: true 0 0",
            ],
            await guest.PrintedAsync());
    }

    [Fact]
    public async Task Set_ServerKilledAfterTheAnswer_ValueIsThere()
    {
        using var folder = new TemporaryDirectory();
        long version;

        using (var server = Start(folder.Path, out var client))
        using (client)
        {
            await server.WaitUntilReadyAsync(client);
            using var put = await client.PutAsync(Plugin(""), Json($"{{\"grants\":{{{HostGuest.AllGrants}}}}}"));
            using var module = new ByteArrayContent(HostGuest.Module);
            module.Headers.ContentType = new("application/wasm");
            using var upload = await client.PostAsync(Plugin("/versions"), module);
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
            version = await CallAsync(client, "set", "1,100");

            // Disposing kills the process.
        }

        using (var server = Start(folder.Path, out var client))
        using (client)
        {
            await server.WaitUntilReadyAsync(client);

            Assert.Equal((version * 10_000) + 100, await CallAsync(client, "get", "1"));
        }
    }

    private static ServerProcess Start(string folder, out HttpClient client)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        client = new HttpClient { BaseAddress = new Uri(address) };
        return ServerProcess.Start(["--urls", address, "--PluginHost:DataDirectory", folder]);
    }

    private static Uri Plugin(string path) => new($"/v1/plugins/shop{path}", UriKind.Relative);

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task<long> CallAsync(HttpClient client, string export, string arguments)
    {
        using var answer = await client.PostAsync(Plugin($"/exports/{export}/invoke"), Json($"{{\"args\":[{arguments}]}}"));
        using var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return long.Parse(json.RootElement.GetProperty("results")[0].GetString()!, CultureInfo.InvariantCulture);
    }
}
