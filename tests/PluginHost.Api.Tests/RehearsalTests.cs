using System.Globalization;
using System.Text;

namespace PluginHost.Api.Tests;

/// <summary>What the server does before it listens, so that its first answers are quick.</summary>
public sealed class RehearsalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pluginhost-start-").FullName;

    [Fact]
    public async Task Start_Rehearsed_NothingOfItIsLeft()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        var address = Address();
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", Path.Combine(_folder, "data"), "--urls", address], ("TMPDIR", temporary), ("PluginHost__Rehearsal", "true"));

        await server.WaitUntilReadyAsync(client);
        var plugins = await client.GetStringAsync(new Uri("/v1/plugins", UriKind.Relative));
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        server.Terminate();
        var (code, output, errors) = await server.ExitAsync();

        Assert.Equal(0, code);
        Assert.Equal("""{"plugins":[]}""", plugins);
        Assert.DoesNotContain("rehears", metrics, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("rehears", output + errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Directory.EnumerateDirectories(temporary), folder => folder.Contains("rehears", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoPlaceToRehearse_SaysSoAndServes()
    {
        var address = Address();
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var server = ServerProcess.Start(["--PluginHost:DataDirectory", Path.Combine(_folder, "data"), "--urls", address], ("TMPDIR", Path.Combine(_folder, "not", "there")), ("PluginHost__Rehearsal", "true"));

        await server.WaitUntilReadyAsync(client);
        using var content = new ByteArrayContent(Repository.Sample("calc"));
        content.Headers.ContentType = new("application/wasm");
        using var upload = await client.PostAsync(new Uri("/v1/plugins/calc/versions", UriKind.Relative), content);
        using var answer = await client.PostAsync(new Uri("/v1/plugins/calc/exports/add/invoke", UriKind.Relative), new StringContent("""{"args":[1,2]}""", Encoding.UTF8, "application/json"));
        var results = await answer.Content.ReadAsStringAsync();
        server.Terminate();
        var (code, output, _) = await server.ExitAsync();

        Assert.Equal("""{"results":[3]}""", results);
        Assert.Contains("The rehearsal failed", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Address() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
}
