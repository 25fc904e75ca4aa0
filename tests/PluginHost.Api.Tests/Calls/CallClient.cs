using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Calls;

/// <summary>Sends calls with headers, and follows operations to their end.</summary>
internal static class CallClient
{
    /// <summary>A module whose function <c>once</c> works in each instance the first time only, and traps from then on; <c>trap</c> never works, and <c>loop</c> never ends.</summary>
    public static byte[] Fickle { get; } = new ModuleBuilder()
        .Function("once", [], [ModuleBuilder.I32], 0x41, 0, 0x28, 2, 0, 0x04, 0x40, 0x00, 0x0B, 0x41, 0, 0x41, 1, 0x36, 2, 0, 0x41, 7)
        .Function("trap", [], [], 0x00)
        .Function("loop", [], [], 0x03, 0x40, 0x0C, 0, 0x0B)
        .Memory()
        .ToArray();

    /// <summary>Makes a plugin of a name of its own.</summary>
    /// <returns>The name.</returns>
    public static async Task<string> UploadNewAsync(this ApiFixture api, byte[] module, string? configuration = null)
    {
        var plugin = $"plugin-{Guid.NewGuid():n}";

        if (configuration is not null)
        {
            using var content = new StringContent(configuration, Encoding.UTF8, "application/json");
            using var put = await api.Client.PutAsync(new Uri($"/v1/plugins/{plugin}", UriKind.Relative), content);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        }

        using var upload = await api.UploadAsync(plugin, module);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        return plugin;
    }

    public static async Task<HttpResponseMessage> CallAsync(this HttpClient client, string plugin, string export, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(export.Contains('/', StringComparison.Ordinal) ? $"/v1/plugins/{plugin}/exports/{export}" : $"/v1/plugins/{plugin}/exports/{export}/invoke", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> CallAsync(this ApiFixture api, string plugin, string export, string body, params (string Name, string Value)[] headers) =>
        api.Client.CallAsync(plugin, export, body, headers);

    /// <summary>Begins an operation.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> BeginAsync(this HttpClient client, string plugin, string export, string body, params (string Name, string Value)[] headers)
    {
        using var answer = await client.CallAsync(plugin, export, body, [("Prefer", "respond-async"), .. headers]);

        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        Assert.Equal("respond-async", Assert.Single(answer.Headers.GetValues("Preference-Applied")));
        return answer.Headers.Location!.OriginalString;
    }

    /// <summary>An operation as it is once it has ended.</summary>
    public static async Task<JsonElement> EndAsync(this HttpClient client, string operation)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            var found = await client.OperationAsync(operation, wait: 2);

            if (found.TryGetProperty("endedAt", out _))
                return found;
        }

        throw new TimeoutException($"The operation {operation} does not end.");
    }

    public static async Task<JsonElement> OperationAsync(this HttpClient client, string operation, int wait = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(operation, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={wait}"));
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.IsSuccessStatusCode, body);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));
}
