using System.Diagnostics;
using System.Net;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.HostFunctions;

/// <summary>Plugins that call plugins, and themselves.</summary>
public sealed class CallTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Call_OtherPlugin_GivesItsResults()
    {
        using var calc = await api.UploadAsync("calc", Repository.Sample("calc"));
        var guest = await CallerAsync("calc", "add", """{"args":[1,2]}""");

        Assert.Equal(15, await guest.CallAsync("callOther"));
        Assert.Equal(["""{"results":[3]}"""], await guest.PrintedAsync());
    }

    [Theory]
    [InlineData("add", """{"args":[1]}""", "wrong-arity")]
    [InlineData("add", """{"args":["x",1]}""", "argument-type")]
    [InlineData("add", "", "malformed-json")]
    [InlineData("nothing", """{"args":[]}""", "export-not-found")]
    public async Task Call_ThatFails_GivesTheProblem(string export, string arguments, string code)
    {
        using var calc = await api.UploadAsync("calc", Repository.Sample("calc"));
        var guest = await CallerAsync("calc", export, arguments);

        Assert.Equal(-6, await guest.CallAsync("callOther"));
        Assert.Contains($"\"code\":\"{code}\"", (await guest.PrintedAsync())[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_PluginThatTraps_GivesItsTrapAndTheCallerGoesOn()
    {
        using var faults = await api.UploadAsync("faults", Repository.Sample("faults"));
        var guest = await CallerAsync("faults", "panicText", """{"args":[]}""");

        Assert.Equal(-6, await guest.CallAsync("callOther"));
        Assert.Equal(-6, await guest.CallAsync("callOther"));
        Assert.Contains("\"trap\":\"unreachable\"", (await guest.PrintedAsync())[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_PluginThatIsNotGranted_IsDenied()
    {
        using var calc = await api.UploadAsync("calc", Repository.Sample("calc"));
        var guest = await CallerAsync("calc", "add", """{"args":[1,2]}""", granted: "other");

        Assert.Equal(-4, await guest.CallAsync("callOther"));
    }

    [Fact]
    public async Task Call_PluginThatIsNot_GivesTheProblem()
    {
        var guest = await CallerAsync("gone", "add", """{"args":[1,2]}""");

        Assert.Equal(-6, await guest.CallAsync("callOther"));
        Assert.Contains("plugin-not-found", (await guest.PrintedAsync())[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_DeadlineOfTheCaller_EndsBoth()
    {
        var spinner = await HostGuest.StartAsync(api);
        var guest = await CallerAsync(spinner.Name, "spin", """{"args":[]}""", ""","limits":{"deadlineMilliseconds":500}""");

        using var answer = await guest.InvokeAsync("callOther");

        await ProblemAssert.IsAsync(answer, 504, "deadline-exceeded");
        await AssertNothingRunsAsync(spinner);
    }

    [Fact]
    public async Task Call_CallerGoesAway_EndsBoth()
    {
        var spinner = await HostGuest.StartAsync(api);
        var guest = await CallerAsync(spinner.Name, "spin", """{"args":[]}""");
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        using var content = new StringContent("""{"args":[]}""", System.Text.Encoding.UTF8, "application/json");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => api.Client.PostAsync(new Uri($"/v1/plugins/{guest.Name}/exports/callOther/invoke", UriKind.Relative), content, cancellation.Token));

        await AssertNothingRunsAsync(spinner);
        await AssertNothingRunsAsync(guest);
    }

    [Fact]
    public async Task Call_OfItself_GoesAsDeepAsItMay()
    {
        var guest = await RecursiveAsync(8);

        Assert.Equal(7, await guest.CallAsync("recurse", 7));
        Assert.Equal(-6, await guest.CallAsync("recurse", 8));
        Assert.Contains("call-depth-exceeded", string.Concat(await guest.PrintedAsync()), StringComparison.Ordinal);
        Assert.Equal(7, await guest.CallAsync("recurse", 7));
    }

    [Fact]
    public async Task Call_OfItselfWithAFullPool_SaysSoAtOnce()
    {
        var guest = await RecursiveAsync(1);
        var watch = Stopwatch.StartNew();

        Assert.Equal(-6, await guest.CallAsync("recurse", 1));

        Assert.Contains("call-deadlock", string.Concat(await guest.PrintedAsync()), StringComparison.Ordinal);

        // Neither the queue's ten seconds nor the invocation's thirty were waited for.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.Equal(0, await guest.CallAsync("recurse", 0));
    }

    [Fact]
    public async Task Call_OfItselfByManyAtOnce_EachGetsAnAnswer()
    {
        var guest = await RecursiveAsync(3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => guest.CallAsync("recurse", 2)));

        Assert.All(answers, answer => Assert.Contains(answer, (long[])[2, -6]));
        Assert.Equal(2, await guest.CallAsync("recurse", 2));
    }

    [Fact]
    public async Task Call_OfEachOtherByManyAtOnce_EachGetsAnAnswer()
    {
        // Each holds its only instance and waits for the other's: the queue's limit ends it, and neither is stuck afterwards.
        const string limits = ""","pool":{"maximum":1,"queueTimeoutMilliseconds":1000}""";
        var (first, second) = ($"first-{Guid.NewGuid():n}", $"second-{Guid.NewGuid():n}");
        var one = await CallerAsync(second, "note", """{"args":[]}""", limits, name: first);
        var two = await CallerAsync(first, "note", """{"args":[]}""", limits, name: second);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : two).InvokeAsync("callOther")));

        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        Assert.Equal(14, await one.CallAsync("callOther"));
        Assert.Equal(14, await two.CallAsync("callOther"));

        foreach (var answer in answers)
            answer.Dispose();
    }

    private Task<HostGuest> CallerAsync(string plugin, string export, string arguments, string rest = "", string? granted = null, string? name = null)
    {
        var config = JsonSerializer.Serialize(new Dictionary<string, string> { ["plugin"] = plugin, ["export"] = export, ["arguments"] = arguments });
        return HostGuest.StartAsync(api, $",\"config\":{config}{rest}", Grants(granted ?? plugin), name);
    }

    private Task<HostGuest> RecursiveAsync(int instances)
    {
        var name = $"recursive-{Guid.NewGuid():n}";
        return HostGuest.StartAsync(api, $",\"config\":{{\"self\":\"{name}\"}},\"pool\":{{\"maximum\":{instances}}}", Grants(name), name);
    }

    private static string Grants(string plugin) => $"\"kv\":true,\"call\":[\"{plugin}\"],\"http\":{{\"hosts\":[\"a.example\"]}}";

    private async Task AssertNothingRunsAsync(HostGuest guest)
    {
        var watch = Stopwatch.StartNew();
        long running;

        do
        {
            using var statistics = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri($"/v1/plugins/{guest.Name}/stats", UriKind.Relative)));
            running = statistics.RootElement.GetProperty("running").GetInt64();
        }
        while (running > 0 && watch.Elapsed < TimeSpan.FromSeconds(10));

        Assert.Equal(0, running);
    }
}
