using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using PluginHost.Api.Tests.Calls;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>Servers whose disk, or whose share of it, is full.</summary>
public sealed class DiskSpaceTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private string? _mount;

    public void Dispose()
    {
        if (_mount is not null)
            // A server that was ended a moment ago may still be letting go of its files.
            Run("umount", "--lazy", _mount);

        _folder.Dispose();
    }

    [Fact]
    public async Task DiskBytes_UploadsReachIt_AreRefusedWithItsNameUntilSomethingIsDeleted()
    {
        using var api = ApiFixture.With(("PluginHost:Limits:DiskBytes", "4000000"));
        var uploaded = 0;
        HttpResponseMessage refused;

        while (true)
        {
            refused = await api.UploadAsync("calc", Salted(uploaded));

            if (refused.StatusCode != HttpStatusCode.Created)
                break;

            uploaded++;
        }

        Assert.InRange(uploaded, 1, 3);
        Assert.Contains("PluginHost:Limits:DiskBytes", (await ProblemAssert.IsAsync(refused, 507, "disk-quota")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var batch = await api.CallAsync("calc", "add/batch", $$"""{"calls":[[1,2]]{{new string(' ', 900_000)}}}""", ("Idempotency-Key", "a"));
        using var call = await api.InvokeAsync("calc", "add", """{"args":[1,2]}""");
        using var delete = await api.Client.DeleteAsync(new Uri("/v1/plugins/calc", UriKind.Relative));
        using var again = await api.UploadAsync("calc", Salted(99));

        Assert.True(batch.StatusCode is HttpStatusCode.OK or HttpStatusCode.InsufficientStorage, await batch.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task FreeDiskBytes_MoreThanTheDiskHas_RefusesWhatWritesAndNothingElse()
    {
        var folder = Path.Combine(_folder.Path, "data");
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };

        using (var before = ServerProcess.Start(["--PluginHost:DataDirectory", folder, "--urls", address]))
        {
            await before.WaitUntilReadyAsync(client);
            using var upload = await UploadAsync(client, 0);
            Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
            before.Terminate();
            await before.ExitAsync();
        }

        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", folder, "--urls", address, "--PluginHost:Limits:FreeDiskBytes", long.MaxValue.ToString(CultureInfo.InvariantCulture)]);
        await server.WaitUntilReadyAsync(client);
        using var refused = await UploadAsync(client, 1);
        using var call = await client.CallAsync("calc", "add", """{"args":[1,2]}""");
        using var kept = await client.CallAsync("calc", "add", """{"args":[1,2]}""", ("Idempotency-Key", "a"));
        using var later = await client.CallAsync("calc", "add", """{"args":[1,2]}""", ("Prefer", "respond-async"));
        using var lines = await client.CallAsync("calc", "add/batch", """{"calls":[[1,2]]}""", ("Idempotency-Key", "b"));
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains("FreeDiskBytes", (await ProblemAssert.IsAsync(refused, 507, "disk-quota")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        await ProblemAssert.IsAsync(kept, 507, "disk-quota");
        await ProblemAssert.IsAsync(later, 507, "disk-quota");
        await ProblemAssert.IsAsync(lines, 507, "disk-quota");
        Assert.Matches("pluginhost_disk_used_bytes[^\n]* [0-9]{6}", metrics);
        Assert.Contains("pluginhost_disk_free_bytes", metrics, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Disk_IsReallyFull_IsAProblemAndWhatWasAcknowledgedIsThere()
    {
        Run("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", _folder.Path);
        _mount = _folder.Path;
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        string[] arguments = ["--PluginHost:DataDirectory", _folder.Path, "--urls", address, "--PluginHost:Limits:FreeDiskBytes", "0", "--PluginHost:Console", "false"];
        var uploaded = 0;

        using (var server = ServerProcess.Start(arguments))
        {
            await server.WaitUntilReadyAsync(client);

            while (true)
            {
                using var upload = await UploadAsync(client, uploaded);

                if (upload.StatusCode == HttpStatusCode.Created)
                {
                    uploaded++;
                    continue;
                }

                await ProblemAssert.IsAsync(upload, 507, "storage-full");
                break;
            }

            // Everything else goes on, and a crash at this moment loses nothing.
            using var call = await client.CallAsync("calc", "add", """{"args":[1,2]}""");
            Assert.Equal(HttpStatusCode.OK, call.StatusCode);
            server.Kill();
        }

        using var second = ServerProcess.Start(arguments);
        await second.WaitUntilReadyAsync(client);
        using var versions = JsonDocument.Parse(await client.GetStringAsync(new Uri("/v1/plugins/calc/versions", UriKind.Relative)));
        using var first = await client.CallAsync("calc", "add/invoke?version=1", """{"args":[1,2]}""");
        using var delete = await client.DeleteAsync(new Uri("/v1/plugins/calc", UriKind.Relative));
        using var again = await UploadAsync(client, 0);

        Assert.True(uploaded > 1);
        Assert.Equal(uploaded, versions.RootElement.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    private static byte[] Salted(int salt) => [.. Repository.Sample("calc"), 0, 3, 1, (byte)'s', (byte)salt];

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, int salt)
    {
        using var module = new ByteArrayContent(Salted(salt));
        module.Headers.ContentType = new("application/wasm");
        return await client.PostAsync(new Uri("/v1/plugins/calc/versions", UriKind.Relative), module);
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
