using System.Globalization;
using System.Net;
using System.Text;

namespace PluginHost.Api.Tests;

/// <summary>
/// A thousand different modules uploaded, called and deleted leave the process where it was. Its heap is far smaller than all of them together, so what stays
/// of each ends the test one way or the other.
/// </summary>
public sealed class ManyModulesTests : IDisposable
{
    private const int Modules = 1_000;
    private const int ModuleBytes = 200_000;
    private const int AtATime = 4;
    private const long Room = 64 << 20;
    private const string HeapLimit = "0x8000000"; // 128 MiB, against 1,000 modules of 200 KB

    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public async Task Modules_UploadedCalledAndDeleted_LeaveTheProcessWhereItWas()
    {
        if (!OperatingSystem.IsLinux())
            return;

        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        using var server = ServerProcess.Start(["--urls", address, "--PluginHost:DataDirectory", _folder.Path], ("DOTNET_GCHeapHardLimit", HeapLimit));
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.WaitUntilReadyAsync(client);
        await PassAsync(client, 0, Modules / 10);
        var before = server.Resources();

        await PassAsync(client, Modules / 10, Modules);

        var after = server.Resources();
        Assert.True(after.Files <= before.Files + 10, $"{before.Files} open files became {after.Files}");
        Assert.True(after.Mappings <= before.Mappings + 100, $"{before.Mappings} mappings became {after.Mappings}");
        Assert.True(after.Resident <= before.Resident + Room, $"{before.Resident} bytes became {after.Resident}");
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "incoming")));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), file => file.EndsWith(".wasm", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Takes modules from one number to another through their lives, several at a time.</summary>
    private static Task PassAsync(HttpClient client, int from, int to) => Parallel.ForAsync(
        from, to, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (number, _) => await PassAsync(client, number));

    private static async Task PassAsync(HttpClient client, int number)
    {
        var plugin = string.Create(CultureInfo.InvariantCulture, $"module-{number}");
        using var upload = await client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), Content("application/wasm", Module(number)));
        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        using var answer = await client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/number/invoke", UriKind.Relative), Content("application/json", Encoding.UTF8.GetBytes("""{"args":[]}""")));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $$"""{"results":[{{number % 64}}]}"""), await answer.Content.ReadAsStringAsync());
        using var deletion = await client.DeleteAsync(new Uri($"/v1/plugins/{plugin}", UriKind.Relative));
        Assert.True(deletion.IsSuccessStatusCode, await deletion.Content.ReadAsStringAsync());
    }

    private static byte[] Module(int number)
    {
        var salt = new byte[ModuleBytes];
        new Random(number).NextBytes(salt);
        return new ModuleBuilder().Function("number", [], [ModuleBuilder.I32], 0x41, (byte)(number % 64)).Memory().Custom(salt).ToArray();
    }

    private static ByteArrayContent Content(string type, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new(type);
        return content;
    }
}
