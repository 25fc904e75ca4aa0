using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Api.Tests;

/// <summary>
/// Guests that do harm, each on a server of its own process: it lives on, another plugin's calls are right while the attack runs and after it, the
/// plugin's own next call works, and nothing is left behind.
/// </summary>
public sealed class HostileGuestTests : IDisposable
{
    private const int Attackers = 8;

    /// <summary>The collector's own heap may have grown by some of this; what eight instances of an attack take is several times as much.</summary>
    private const long Room = 96 << 20;

    /// <summary>Longer than idle instances stay.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2.5);

    private readonly TemporaryDirectory _folder = new();
    private ServerProcess? _server;
    private HttpClient? _client;

    public static TheoryData<string, string> Attacks()
    {
        var rows = new TheoryData<string, string>();

        foreach (var engine in ExecutionEngines.All)
        {
            foreach (var name in HostileGuest.All.Keys)
                rows.Add(engine.Name, name);
        }

        return rows;
    }

    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Attack_ManyAtATime_HarmsNobody(string engine, string name)
    {
        await StartAsync(engine);
        var guest = HostileGuest.All[name];
        using var victim = await UploadAsync("calc", Repository.Sample("calc"));
        using var attacker = await UploadAsync("hostile", guest.Module);
        Assert.True(attacker.IsSuccessStatusCode, await attacker.Content.ReadAsStringAsync());
        await AddAsync();

        // The first time starts the threads that many waiting calls need, which the runtime keeps for a while.
        await AttackAsync(guest);
        await Task.Delay(Settling);
        var before = _server!.Resources();

        await AttackAsync(guest);

        await AddAsync();
        await AssertGivenBackAsync(before);
    }

    [Theory]
    [EngineData]
    public async Task NeverReturning_PoolAndQueueFull_OthersAreTurnedAwayAndOtherPluginsServed(string engine)
    {
        await StartAsync(engine);
        using var victim = await UploadAsync("calc", Repository.Sample("calc"));
        using var put = await _client!.PutAsync(
            new Uri("/v1/plugins/hostile", UriKind.Relative),
            new StringContent("""{"pool":{"maximum":2,"queueLength":2}}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        using var attacker = await UploadAsync("hostile", HostileGuest.All["loop"].Module);

        var attacks = Enumerable.Range(0, 8).Select(_ => InvokeAsync("hostile", "attack", "[]", deadline: 1_500)).ToList();
        var answers = await Task.WhenAll(attacks);
        await AddAsync();

        var codes = answers.Select(answer => (int)answer.StatusCode).ToList();
        Assert.Equal(4, codes.Count(code => code == 429));
        Assert.All(answers.Where(answer => (int)answer.StatusCode == 429), answer => Assert.NotNull(answer.Headers.RetryAfter));
        Assert.Equal(4, codes.Count(code => code == 504));

        foreach (var answer in answers)
            answer.Dispose();
    }

    [Theory]
    [EngineData]
    public async Task Traps_Thousands_LeaveNothingBehind(string engine)
    {
        await StartAsync(engine);
        using var victim = await UploadAsync("calc", Repository.Sample("calc"));
        using var attacker = await UploadAsync("hostile", HostileGuest.All["trap"].Module);
        await TrapAsync(200);
        var before = _server!.Resources();

        await TrapAsync(3_000);

        await AddAsync();
        await AssertGivenBackAsync(before);
    }

    private async Task StartAsync(string engine)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        _server = ServerProcess.Start(["--urls", address, "--PluginHost:DataDirectory", _folder.Path, "--PluginHost:Limits:Circuit:Enabled", "false", "--PluginHost:Limits:IdleSeconds", "1", "--PluginHost:Engine", engine]);
        _client = new HttpClient { BaseAddress = new Uri(address) };
        await _server.WaitUntilReadyAsync(_client);
    }

    /// <summary>Attacks many times at once, and looks meanwhile and afterwards whether everything else goes on.</summary>
    private async Task AttackAsync(HostileGuest guest)
    {
        // Twice as many as there are instances, so that some wait.
        var attacks = Enumerable.Range(0, Attackers * 2).Select(_ => InvokeAsync("hostile", guest.Export, "[]", deadline: 400)).ToList();
        var watch = Stopwatch.StartNew();

        while (watch.ElapsedMilliseconds < 500)
        {
            await AddAsync();
            using var alive = await _client!.GetAsync(new Uri("/livez", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }

        foreach (var attack in await Task.WhenAll(attacks))
        {
            using var problem = JsonDocument.Parse(await attack.Content.ReadAsStringAsync());
            Assert.Contains(problem.RootElement.GetProperty("code").GetString(), (string?[])[.. guest.Expected, "queue-timeout", "deadline-exceeded"]);
            attack.Dispose();
        }

        using var next = await InvokeAsync("hostile", "fine", "[]");
        Assert.Equal("""{"results":[7]}""", await next.Content.ReadAsStringAsync());
    }

    private async Task TrapAsync(int count)
    {
        for (var done = 0; done < count; done += Attackers)
        {
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, Attackers).Select(_ => InvokeAsync("hostile", "attack", "[]"))))
            {
                Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
                answer.Dispose();
            }
        }
    }

    private async Task AddAsync()
    {
        using var answer = await InvokeAsync("calc", "add", "[1,2]");
        Assert.Equal("""{"results":[3]}""", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until idle instances are gone and files, mappings and memory are no more than before, with room for the client's connections and the runtime's own.</summary>
    private async Task AssertGivenBackAsync((int Files, int Mappings, long Resident) before)
    {
        var watch = Stopwatch.StartNew();
        var now = _server!.Resources();

        while (!IsBack() && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(200);
            now = _server!.Resources();
        }

        Assert.True(now.Files <= before.Files + 40, $"{before.Files} open files became {now.Files}");
        Assert.True(now.Mappings <= before.Mappings + 60, $"{before.Mappings} mappings became {now.Mappings}");
        Assert.True(now.Resident <= before.Resident + Room, $"{before.Resident} bytes became {now.Resident}");

        bool IsBack() => now.Files <= before.Files + 40 && now.Mappings <= before.Mappings + 60 && now.Resident <= before.Resident + Room;
    }

    private async Task<HttpResponseMessage> UploadAsync(string plugin, byte[] module)
    {
        using var content = new ByteArrayContent(module);
        content.Headers.ContentType = new("application/wasm");
        return await _client!.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), content);
    }

    private Task<HttpResponseMessage> InvokeAsync(string plugin, string export, string arguments, int? deadline = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/plugins/{plugin}/exports/{export}/invoke", UriKind.Relative))
        {
            Content = new StringContent($"{{\"args\":{arguments}}}", Encoding.UTF8, "application/json"),
        };

        if (deadline is { } milliseconds)
            request.Headers.Add("PluginHost-Deadline-Ms", milliseconds.ToString(CultureInfo.InvariantCulture));

        return _client!.SendAsync(request);
    }
}
