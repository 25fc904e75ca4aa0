using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace PluginHost.Api.Tests.Support;

/// <summary>A plugin made of the Go module that calls every host function, on a server of a test's.</summary>
internal sealed class HostGuest(ApiFixture api, string name)
{
    /// <summary>What the module imports beyond what is granted anyway.</summary>
    public const string AllGrants = """ "kv":true,"call":["other"],"http":{"hosts":["127.0.0.1:*"],"schemes":["http"],"privateAddresses":true} """;

    public static byte[] Module { get; } = Repository.HostGuest();

    public string Name => name;

    /// <summary>A plugin of a name of its own that has all grants, and the module.</summary>
    public static async Task<HostGuest> StartAsync(ApiFixture api, string rest = "", string grants = AllGrants, string? name = null)
    {
        var guest = new HostGuest(api, name ?? $"guest-{Guid.NewGuid():n}");
        await guest.ConfigureAsync(rest, grants);
        using var upload = await api.UploadAsync(guest.Name, Module);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        return guest;
    }

    /// <summary>Puts a configuration: its grants, and other members with a comma in front.</summary>
    public async Task<string> ConfigureAsync(string rest = "", string grants = AllGrants)
    {
        using var put = await PutAsync($"{{\"grants\":{{{grants}}}{rest}}}");
        var body = await put.Content.ReadAsStringAsync();
        Assert.True(put.IsSuccessStatusCode, body);
        return body;
    }

    public Task<HttpResponseMessage> PutAsync(string configuration) =>
        api.Client.PutAsync(new Uri($"/v1/plugins/{name}", UriKind.Relative), new StringContent(configuration, Encoding.UTF8, "application/json"));

    /// <summary>The result of an export that gives an i64.</summary>
    public async Task<long> CallAsync(string export, params object[] arguments)
    {
        using var answer = await InvokeAsync(export, arguments);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        using var json = JsonDocument.Parse(body);
        var results = json.RootElement.GetProperty("results");
        return results.GetArrayLength() == 0 ? 0 : long.Parse(results[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    public Task<HttpResponseMessage> InvokeAsync(string export, params object[] arguments) => api.InvokeAsync(name, export, $"{{\"args\":{JsonSerializer.Serialize(arguments)}}}");

    /// <summary>The plugin's log lines, in order.</summary>
    public async Task<IReadOnlyList<JsonElement>> LogAsync()
    {
        var log = await api.Client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/plugins/{name}/logs", UriKind.Relative));
        return [.. log.GetProperty("lines").EnumerateArray()];
    }

    /// <summary>What the guest has printed, in order.</summary>
    public async Task<IReadOnlyList<string>> PrintedAsync() =>
        [.. (await LogAsync()).Where(line => line.GetProperty("stream").GetString() == "stdout").Select(line => line.GetProperty("text").GetString()!)];
}
