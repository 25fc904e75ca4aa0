using System.Globalization;
using System.Net;
using System.Text;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>The server from its start to its end.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pluginhost-process-").FullName;

    [Fact]
    public async Task Start_OthersReachItAndItHasNoKey_MakesTheFirstAndShowsItOnce()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        string[] arguments = ["--PluginHost:DataDirectory", _folder, "--urls", address];
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };

        // 1. In a container, and new.
        using var first = ServerProcess.Start(arguments, ("DOTNET_RUNNING_IN_CONTAINER", "true"));
        await first.WaitUntilReadyAsync(client);
        using var anonymous = await client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        first.Terminate();
        var (_, output, errors) = await first.ExitAsync();
        var key = Assert.Single(output.Split('\n'), line => line.Trim().StartsWith("phk_", StringComparison.Ordinal)).Trim();

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal("", errors);

        // 2. On this machine: it has a key, and asks for it.
        using var second = ServerProcess.Start(arguments);
        await second.WaitUntilReadyAsync(client);
        using var again = await client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var keys = await client.GetAsync(new Uri("/v1/keys", UriKind.Relative));
        var audit = await client.GetStringAsync(new Uri("/v1/audit", UriKind.Relative));
        second.Terminate();
        (_, output, _) = await second.ExitAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Contains("first key", await keys.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"first start\"", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("phk_", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AnonymousIsAllowed_IsAWarningAndNoKey()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", _folder, "--urls", address, "--PluginHost:Anonymous", "read"], ("DOTNET_RUNNING_IN_CONTAINER", "true"));
        await server.WaitUntilReadyAsync(client);

        using var read = await client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        using var delete = await client.DeleteAsync(new Uri("/v1/plugins/calc", UriKind.Relative));
        server.Terminate();
        var (_, output, _) = await server.ExitAsync();

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await ProblemAssert.IsAsync(delete, 401, "unauthenticated");
        Assert.Contains("WRN] PluginHost:Anonymous", output, StringComparison.Ordinal);
        Assert.DoesNotContain("phk_", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_InvocationRuns_ItIsAnsweredAndTheNextStartKnowsThePlugins()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        string[] arguments = ["--PluginHost:DataDirectory", _folder, "--urls", address];
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };

        // 1. A guest sleeps, and somebody follows its log.
        using var first = ServerProcess.Start(arguments);
        await first.WaitUntilReadyAsync(client);
        using var module = new ByteArrayContent(Repository.Sample("goroutines"));
        module.Headers.ContentType = new("application/wasm");
        using var upload = await client.PostAsync(new Uri("/v1/plugins/sleepy/versions", UriKind.Relative), module);
        using var follower = await client.GetStreamAsync(new Uri("/v1/plugins/sleepy/logs?follow=true", UriKind.Relative));
        var sleeping = InvokeAsync(2_000);

        while (!(await client.GetStringAsync(new Uri("/v1/plugins/sleepy/stats", UriKind.Relative))).Contains("\"running\":1", StringComparison.Ordinal))
            await Task.Delay(20);

        // 2. The server is told to end.
        first.Terminate();
        var ready = await client.GetAsync(new Uri("/readyz", UriKind.Relative));

        while (ready.IsSuccessStatusCode)
        {
            ready.Dispose();
            await Task.Delay(20);
            ready = await client.GetAsync(new Uri("/readyz", UriKind.Relative));
        }

        await ProblemAssert.IsAsync(ready, 503, "draining");
        Assert.NotNull(ready.Headers.RetryAfter);
        ready.Dispose();
        using var slept = await sleeping;
        var (code, output, errors) = await first.ExitAsync();

        Assert.Equal(HttpStatusCode.OK, slept.StatusCode);
        Assert.Equal(0, code);
        Assert.Equal("", errors);
        Assert.Contains("curl", output, StringComparison.Ordinal);

        // 3. Another one takes over the data.
        using var second = ServerProcess.Start(arguments);
        await second.WaitUntilReadyAsync(client);
        using var again = await InvokeAsync(0);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        Task<HttpResponseMessage> InvokeAsync(int milliseconds) => client.PostAsync(
            new Uri("/v1/plugins/sleepy/exports/sleep/invoke", UriKind.Relative), new StringContent($"{{\"args\":[{milliseconds}]}}", Encoding.UTF8, "application/json"));
    }

    [Fact]
    public async Task Terminate_GuestNeverEnds_IsInterruptedWithinTheLimit()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", _folder, "--urls", address, "--PluginHost:Limits:DrainMilliseconds", "500"]);
        await server.WaitUntilReadyAsync(client);
        using var module = new ByteArrayContent(Repository.Sample("faults"));
        module.Headers.ContentType = new("application/wasm");
        using var upload = await client.PostAsync(new Uri("/v1/plugins/endless/versions", UriKind.Relative), module);
        var looping = client.PostAsync(new Uri("/v1/plugins/endless/exports/loop/invoke", UriKind.Relative), new StringContent("""{"args":[]}""", Encoding.UTF8, "application/json"));

        while (!(await client.GetStringAsync(new Uri("/v1/plugins/endless/stats", UriKind.Relative))).Contains("\"running\":1", StringComparison.Ordinal))
            await Task.Delay(20);

        server.Terminate();
        using var answer = await looping;
        var (code, _, _) = await server.ExitAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
