using System.Globalization;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.HostFunctions;

/// <summary>take, log, config_get, secret_get, clock_now and invocation, as a Go module calls them.</summary>
public sealed class GuestFunctionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Config_ValuesAndSecrets_AreRead()
    {
        var guest = await HostGuest.StartAsync(api, ""","config":{"greeting":"Grüße"},"secrets":{"token":"abc"}""");

        await guest.CallAsync("show");

        Assert.Equal(["config: Grüße", "secret: abc", "missing: -1 -1"], await guest.PrintedAsync());
    }

    [Fact]
    public async Task Take_PartOfABytes_ForgetsTheRest()
    {
        var guest = await HostGuest.StartAsync(api, ""","config":{"greeting":"hello"}""");

        // Length 5, 3 taken, and nothing there for the second time: -1.
        Assert.Equal(50_301, await guest.CallAsync("partial"));
        Assert.Equal(["hel"], await guest.PrintedAsync());
    }

    [Fact]
    public async Task Clock_Now_IsTheTimeOfDay()
    {
        var guest = await HostGuest.StartAsync(api);

        var before = DateTimeOffset.UtcNow;
        var now = DateTimeOffset.UnixEpoch.AddTicks(await guest.CallAsync("now") / 100);

        Assert.InRange(now, before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Invocation_Context_NamesTheCallAndItsTrace()
    {
        var guest = await HostGuest.StartAsync(api);
        const string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/plugins/{guest.Name}/exports/whoami/invoke", UriKind.Relative))
        {
            Content = new StringContent("""{"args":[]}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", parent);
        request.Headers.Add("PluginHost-Deadline-Ms", "5000");

        using var answer = await api.Client.SendAsync(request);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var line = (await guest.LogAsync())[^1];
        var context = JsonDocument.Parse(line.GetProperty("text").GetString()!).RootElement;
        Assert.Equal(line.GetProperty("invocation").GetInt64(), context.GetProperty("id").GetInt64());
        Assert.Equal((guest.Name, 1, "whoami"), (context.GetProperty("plugin").GetString(), context.GetProperty("version").GetInt32(), context.GetProperty("export").GetString()));
        var deadline = DateTimeOffset.Parse(context.GetProperty("deadline").GetString()!, CultureInfo.InvariantCulture);
        Assert.InRange(deadline, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddSeconds(5));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", context.GetProperty("traceparent").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_Lines_HaveLevelAndAttributes()
    {
        var guest = await HostGuest.StartAsync(api);

        await guest.CallAsync("note");

        var lines = await guest.LogAsync();
        Assert.Equal(["DEBUG looking", "INFO order placed", "WARN+1 slow", "ERROR failed"], lines.Select(line => $"{line.GetProperty("level").GetString()} {line.GetProperty("text").GetString()}"));
        Assert.All(lines, line => Assert.Equal("log", line.GetProperty("stream").GetString()));
        Assert.False(lines[0].TryGetProperty("attributes", out _));
        Assert.Equal("""{"order":7,"total":12.5,"note":"two\nlines"}""", lines[1].GetProperty("attributes").GetRawText());
        Assert.Equal("""{"nested":{"a":[1,2]}}""", lines[2].GetProperty("attributes").GetRawText());
        Assert.Equal("""{"!BADATTRS":"no object"}""", lines[3].GetProperty("attributes").GetRawText());
    }

    [Fact]
    public async Task Log_Flood_IsBoundedAndCounted()
    {
        var guest = await HostGuest.StartAsync(api);

        await guest.CallAsync("flood", 5_000);

        Assert.Equal(8, (await guest.LogAsync()).Count);
        using var statistics = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri($"/v1/plugins/{guest.Name}/stats", UriKind.Relative)));
        Assert.Equal(4_992L * 8_192, statistics.RootElement.GetProperty("logBytesDropped").GetInt64());
    }

    [Fact]
    public async Task Log_ManyFloods_KeepsWhatTheLogMayHold()
    {
        var guest = await HostGuest.StartAsync(api);

        for (var i = 0; i < 80; i++)
            await guest.CallAsync("flood", 8);

        // 1,000 lines of 4 KiB are 4,096,000 characters, however long each line is.
        Assert.Equal(500, (await guest.LogAsync()).Count);
    }
}
