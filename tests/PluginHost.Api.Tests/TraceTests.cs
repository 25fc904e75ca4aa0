using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>Traces that come with a request, in processes of their own: in this one others may listen.</summary>
public sealed class TraceTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Invoke_WithATrace_ItsRequestsCarryIt()
    {
        await using var web = await WebHost.StartAsync();

        var echoed = await FetchAsync(web.Url + "/echo?trace=1", "", []);

        Assert.Contains($"traceparent=00-{Trace}-", echoed, StringComparison.Ordinal);
        Assert.Contains("tracestate=vendor=1", echoed, StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", echoed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ThePluginHasATraceOfItsOwn_ThatOneGoesAlong()
    {
        await using var web = await WebHost.StartAsync();
        const string own = "00-11111111111111111111111111111111-2222222222222222-01";

        var echoed = await FetchAsync(web.Url + "/echo?trace=1", $$"""{"traceparent":["{{own}}"]}""", []);

        Assert.Contains($"traceparent={own}", echoed, StringComparison.Ordinal);
        Assert.DoesNotContain(Trace, echoed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_TracesAreCollected_ItsSpansComeOverOtlp()
    {
        // A collector as OTLP over HTTP has it: what is posted is kept as it is.
        var received = new ConcurrentQueue<byte[]>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/v1/traces", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue(body.ToArray());
        });
        collector.MapPost("/v1/metrics", () => { });
        await collector.StartAsync();
        await using var web = await WebHost.StartAsync();

        await FetchAsync(web.Url + "/echo?trace=1", "", [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200")]);

        // The ids of a trace stand in protobuf as their bytes, and names as they are.
        var all = received.SelectMany(bytes => bytes).ToArray();
        Assert.True(all.AsSpan().IndexOf(Convert.FromHexString(Trace)) >= 0, $"{received.Count} requests");
        var text = Encoding.Latin1.GetString(all);
        Assert.Contains("pluginhost.invocation", text, StringComparison.Ordinal);
        Assert.Contains("pluginhost.export", text, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore.Hosting.HttpRequestIn", text, StringComparison.Ordinal);
    }

    /// <summary>Has a plugin send a request, in an invocation that is part of a trace.</summary>
    /// <returns>What it got.</returns>
    private async Task<string> FetchAsync(string url, string headers, (string Name, string Value)[] environment)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", _folder.Path, "--urls", address], environment);
        await server.WaitUntilReadyAsync(client);
        var config = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["method"] = "GET", ["url"] = url, ["headers"] = headers, ["body"] = "" });
        using var configuration = new StringContent($$$"""{"config":{{{config}}},"grants":{ {{{HostGuest.AllGrants}}} }}""", Encoding.UTF8, "application/json");
        using var put = await client.PutAsync(new Uri("/v1/plugins/guest", UriKind.Relative), configuration);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        using var module = new ByteArrayContent(HostGuest.Module);
        module.Headers.ContentType = new("application/wasm");
        using var upload = await client.PostAsync(new Uri("/v1/plugins/guest/versions", UriKind.Relative), module);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/plugins/guest/exports/fetch/invoke", UriKind.Relative)) { Content = new StringContent("""{"args":[0]}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=1");
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var log = await client.GetStringAsync(new Uri("/v1/plugins/guest/logs", UriKind.Relative));
        server.Terminate();
        await server.ExitAsync();
        return log;
    }
}
