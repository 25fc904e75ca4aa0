using System.Globalization;
using System.Net;
using System.Text;

namespace PluginHost.Api.Tests;

/// <summary>What bad input took is given back: the server runs with a heap far smaller than all of it together.</summary>
public sealed class MemoryTests : IDisposable
{
    private const int Rounds = 300;
    private const int LargeModules = 20;
    private const long LargeModuleBytes = 8 << 20;
    private const string HeapLimit = "0x8000000"; // 128 MiB, against 300 uploads of 1.6 MB and as many traps

    private readonly string _folder = Directory.CreateTempSubdirectory("pluginhost-memory-").FullName;

    [Fact]
    public async Task BadInput_ManyTimesTheHeap_LeavesNoMemoryFilesOrMappingsBehind()
    {
        if (!OperatingSystem.IsLinux())
            return;

        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var server = ServerProcess.Start(["--urls", address, "--PluginHost:DataDirectory", _folder, "--PluginHost:Limits:Circuit:Enabled", "false"], ("DOTNET_GCHeapHardLimit", HeapLimit));
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.WaitUntilReadyAsync(client);
        var (calc, faults) = (Repository.Sample("calc"), Repository.Sample("faults"));
        using var upload = await UploadAsync(client, "faults", faults);
        var random = new Random(5);
        await SendAsync(client, calc, random, 20);
        var (files, mappings, _) = server.Resources();

        await SendAsync(client, calc, random, Rounds);

        var (filesAfter, mappingsAfter, _) = server.Resources();
        using var answer = await InvokeAsync(client, "fine", "[7]");
        Assert.Equal("""{"results":[7]}""", await answer.Content.ReadAsStringAsync());
        Assert.True(filesAfter <= files + 10, $"{files} open files became {filesAfter}");

        // One lost in each round would be 300; the server's own code, compiled meanwhile, takes some.
        Assert.True(mappingsAfter <= mappings + (Rounds / 2), $"{mappings} mappings became {mappingsAfter}");
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "incoming")));
    }

    [Fact]
    public async Task Load_ThatHasEnded_GivesItsMemoryBackToTheSystem()
    {
        if (!OperatingSystem.IsLinux())
            return;

        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var server = ServerProcess.Start(["--urls", address, "--PluginHost:DataDirectory", _folder, "--PluginHost:Limits:IdleSeconds", "2"]);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.WaitUntilReadyAsync(client);
        var random = new Random(7);

        for (var i = 0; i < LargeModules; i++)
        {
            var salt = new byte[LargeModuleBytes];
            random.NextBytes(salt);
            using var upload = await UploadAsync(client, "large", new ModuleBuilder().Memory().Custom(salt).ToArray());
            Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        }

        var (_, _, loaded) = server.Resources();
        using var deletion = await client.DeleteAsync(new Uri("/v1/plugins/large", UriKind.Relative));
        Assert.True(deletion.IsSuccessStatusCode);

        // Nothing asks for it: without work the collector does not even look.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (server.Resources().Resident > loaded - (LargeModules * LargeModuleBytes / 2))
            await Task.Delay(100, patience.Token);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task SendAsync(HttpClient client, byte[] module, Random random, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            // Cut before the code ends, so that none is whole.
            using var refused = await UploadAsync(client, "damaged", module[..random.Next(module.Length / 2)]);
            using var trapped = await InvokeAsync(client, "panicText", "[]");
            using var wrong = await InvokeAsync(client, "fine", "[1,2,3]");

            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, trapped.StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, string plugin, byte[] module)
    {
        using var content = new ByteArrayContent(module);
        content.Headers.ContentType = new("application/wasm");
        return await client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), content);
    }

    private static Task<HttpResponseMessage> InvokeAsync(HttpClient client, string export, string arguments) => client.PostAsync(
        new Uri($"/v1/plugins/faults/exports/{export}/invoke", UriKind.Relative), new StringContent($"{{\"args\":{arguments}}}", Encoding.UTF8, "application/json"));
}
