using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PluginHost.Api.Tests.Starting;

public sealed class LogOutputTests
{
    [Fact]
    public async Task Logs_Json_EveryLineIsAnObjectWhateverGuestsAndClientsSend()
    {
        using var folder = new TemporaryDirectory();
        var port = LoopbackPort.Free();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        using var server = ServerProcess.Start(
            ["--PluginHost:DataDirectory", folder.Path, "--urls", address, "--PluginHost:LogFormat", "json", "--Serilog:MinimumLevel:Default", "Debug"], ("DOTNET_RUNNING_IN_CONTAINER", "true"), ("PluginHost__Anonymous", "true"));
        await server.WaitUntilReadyAsync(client);

        // Panics with line breaks, output with control characters, paths with both, and what is no HTTP.
        using var module = new ByteArrayContent(Repository.Sample("faults"));
        module.Headers.ContentType = new("application/wasm");
        using var upload = await client.PostAsync(new Uri("/v1/plugins/faults/versions", UriKind.Relative), module);

        foreach (var export in (string[])["panicText", "panicError", "panicLong", "nilDereference", "exit", "outputBytes", "output"])
        {
            using var answer = await client.PostAsync(new Uri($"/v1/plugins/faults/exports/{export}/invoke", UriKind.Relative), new StringContent("""{"args":[]}""", Encoding.UTF8, "application/json"));
        }

        using var path = await client.GetAsync(new Uri("/v1/plugins/a%0A%7B%22forged%22:true%7D%0D%1B%5B31m", UriKind.Relative));
        using var raw = new TcpClient("127.0.0.1", port);
        await raw.GetStream().WriteAsync("\u0001\"\n\n"u8.ToArray());
        server.Terminate();
        var (_, output, errors) = await server.ExitAsync();
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(lines.Length > 10, output);
        Assert.Equal("", errors);
        Assert.All(lines, line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.True(json.RootElement.TryGetProperty("Level", out _), line);
            Assert.True(json.RootElement.TryGetProperty("RenderedMessage", out _), line);
            Assert.False(json.RootElement.TryGetProperty("forged", out _), line);
        });
        Assert.Contains(lines, line => line.Contains("panicText", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_Json_TheFirstKeyIsInAnObjectToo()
    {
        using var folder = new TemporaryDirectory();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", folder.Path, "--urls", address, "--PluginHost:LogFormat", "json"], ("DOTNET_RUNNING_IN_CONTAINER", "true"));
        await server.WaitUntilReadyAsync(client);
        server.Terminate();
        var (_, output, _) = await server.ExitAsync();

        var keys = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Properties")).Where(properties => properties.TryGetProperty("FirstKey", out _));

        Assert.StartsWith("phk_", Assert.Single(keys).GetProperty("FirstKey").GetString(), StringComparison.Ordinal);
    }
}
