using System.Globalization;
using System.Net;
using System.Text.Json;
using PluginHost.Api.Tests.RichTypes;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Calls;

public sealed class OperationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Invoke_RespondAsync_IsAnOperationWithTheResult()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));

        var path = await api.Client.BeginAsync(plugin, "add", """{"args":[1,2]}""");
        var ended = await api.Client.EndAsync(path);
        using var result = await api.Client.GetAsync(path + "/result");

        Assert.Equal(("Succeeded", 200), (ended.GetProperty("state").GetString(), ended.GetProperty("status").GetInt32()));
        Assert.Equal("""{"results":[3]}""", await result.Content.ReadAsStringAsync());
        Assert.Equal("1", Assert.Single(result.Headers.GetValues("PluginHost-Version")));
        Assert.True(ended.GetProperty("expiresAt").GetDateTimeOffset() > ended.GetProperty("endedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Invoke_RespondAsyncAndWait_IsTheResultWhereItComesInTime()
    {
        var plugin = await UploadAsync(CallClient.Fickle);

        using var quick = await api.CallAsync(plugin, "once", """{"args":[]}""", ("Prefer", "respond-async, wait=30"));
        using var slow = await api.CallAsync(plugin, "loop", """{"args":[]}""", ("Prefer", "wait=0"), ("Prefer", "respond-async"), ("PluginHost-Deadline-Ms", "500"));
        var ended = await api.Client.EndAsync(slow.Headers.Location!.OriginalString);
        using var result = await api.Client.GetAsync(slow.Headers.Location!.OriginalString + "/result");

        Assert.Equal("""{"results":[7]}""", await quick.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Accepted, slow.StatusCode);
        Assert.Equal(("Failed", 504), (ended.GetProperty("state").GetString(), ended.GetProperty("status").GetInt32()));
        await ProblemAssert.IsAsync(result, 504, "deadline-exceeded");
    }

    [Fact]
    public async Task Invoke_OnlyWait_IsAnsweredAsAlways()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));

        using var answer = await api.CallAsync(plugin, "add", """{"args":[1,2]}""", ("Prefer", "wait=5, handling=lenient"));

        Assert.Equal("""{"results":[3]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Invoke_RequestIsWrong_IsRefusedAtOnce()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));
        (string, string) prefer = ("Prefer", "respond-async");

        using var arity = await api.CallAsync(plugin, "add", """{"args":[1]}""", prefer);
        using var export = await api.CallAsync(plugin, "nothing", """{"args":[1]}""", prefer);
        using var absent = await api.CallAsync("nothing", "add", """{"args":[1]}""", prefer);
        using var json = await api.CallAsync(plugin, "add", "{", prefer);

        await ProblemAssert.IsAsync(arity, 400, "wrong-arity");
        await ProblemAssert.IsAsync(export, 404, "export-not-found");
        await ProblemAssert.IsAsync(absent, 404, "plugin-not-found");
        await ProblemAssert.IsAsync(json, 400, "malformed-json");
        Assert.Empty((await api.JsonAsync($"/v1/plugins/{plugin}/operations")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Invoke_SameKeyAgain_IsTheSameOperation()
    {
        var plugin = await UploadAsync(Repository.Sample("counter"));

        var first = await api.Client.BeginAsync(plugin, "increment", """{"args":[]}""", ("Idempotency-Key", "a"));
        var again = await api.Client.BeginAsync(plugin, "increment", """{"args":[]}""", ("Idempotency-Key", "a"));
        await api.Client.EndAsync(first);
        var later = await api.Client.BeginAsync(plugin, "increment", """{"args":[]}""", ("Idempotency-Key", "a"));
        using var result = await api.Client.GetAsync(later + "/result");

        Assert.Equal((first, first), (again, later));
        Assert.Equal("""{"results":["1"]}""", await result.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Result_OperationGoesOn_IsConflict()
    {
        var plugin = await UploadAsync(CallClient.Fickle);
        var path = await api.Client.BeginAsync(plugin, "loop", """{"args":[]}""");

        using var result = await api.Client.GetAsync(path + "/result");
        using var delete = await api.Client.DeleteAsync(new Uri(path, UriKind.Relative));
        using var cancel = await api.Client.PostAsync(new Uri(path + "/cancel", UriKind.Relative), null);

        await ProblemAssert.IsAsync(result, 409, "operation-not-finished");
        await ProblemAssert.IsAsync(delete, 409, "in-use");
        Assert.Equal(HttpStatusCode.OK, cancel.StatusCode);
    }

    [Fact]
    public async Task Cancel_GuestRuns_InterruptsItAndOthersGoOn()
    {
        var plugin = await UploadAsync(CallClient.Fickle, """{"pool":{"minimum":1,"maximum":1}}""");
        var running = await api.Client.BeginAsync(plugin, "loop", """{"args":[]}""");

        while ((await api.Client.OperationAsync(running)).GetProperty("state").GetString() != "Running")
            await Task.Delay(10);

        var waiting = await api.Client.BeginAsync(plugin, "once", """{"args":[]}""");
        using var cancelled = await api.Client.PostAsync(new Uri(running + "/cancel", UriKind.Relative), null);
        using var document = JsonDocument.Parse(await cancelled.Content.ReadAsStringAsync());
        using var result = await api.Client.GetAsync(running + "/result");
        var other = await api.Client.EndAsync(waiting);

        Assert.Equal("Cancelled", document.RootElement.GetProperty("state").GetString());
        await ProblemAssert.IsAsync(result, 499, "cancelled");
        Assert.Equal("Succeeded", other.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Cancel_OperationWaits_EndsItAtOnce()
    {
        var plugin = await UploadAsync(CallClient.Fickle);
        var running = new List<string>();

        for (var i = 0; i < 5; i++)
            running.Add(await api.Client.BeginAsync(plugin, "loop", """{"args":[]}"""));

        using var cancelled = await api.Client.PostAsync(new Uri(running[^1] + "/cancel", UriKind.Relative), null);
        var states = await Task.WhenAll(running.Select(path => api.Client.OperationAsync(path)));

        Assert.Contains("Cancelled", await cancelled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, states.Count(state => state.GetProperty("state").GetString() == "Cancelled"));

        foreach (var path in running)
        {
            using var end = await api.Client.PostAsync(new Uri(path + "/cancel", UriKind.Relative), null);
        }
    }

    [Fact]
    public async Task Delete_OperationHasEnded_ForgetsIt()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));
        var path = await api.Client.BeginAsync(plugin, "add", """{"args":[1,2]}""");
        await api.Client.EndAsync(path);

        using var delete = await api.Client.DeleteAsync(new Uri(path, UriKind.Relative));
        using var gone = await api.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        await ProblemAssert.IsAsync(gone, 404, "operation-not-found");
    }

    [Fact]
    public async Task List_Pages_HaveEachOperationOnceTheNewestFirst()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));
        var made = new List<string>();

        for (var i = 0; i < 5; i++)
            made.Add((await api.Client.BeginAsync(plugin, "add", """{"args":[1,2]}""")).Split('/')[^1]);

        var listed = new List<string>();
        string? token = "";

        while (token is not null)
        {
            var page = await api.JsonAsync($"/v1/plugins/{plugin}/operations?pageSize=2&pageToken={token}");
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }

        made.Reverse();
        Assert.Equal(made, listed);
        using var wrong = await api.Client.GetAsync($"/v1/plugins/{plugin}/operations?pageToken=x");
        await ProblemAssert.IsAsync(wrong, 400, "invalid-page-token");
    }

    [Fact]
    public async Task Operations_PluginHasNoRoom_WaitAndAreAllRun()
    {
        // One instance and no queue: all but one call would be refused.
        var plugin = await UploadAsync(Repository.Sample("counter"), """{"pool":{"minimum":1,"maximum":1,"queueLength":0}}""");
        var paths = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => api.Client.BeginAsync(plugin, "increment", """{"args":[]}""")));

        var ended = await Task.WhenAll(paths.Select(api.Client.EndAsync));
        using var last = await api.CallAsync(plugin, "increment", """{"args":[]}""");

        Assert.All(ended, operation => Assert.Equal("Succeeded", operation.GetProperty("state").GetString()));
        Assert.Equal("""{"results":["31"]}""", await last.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Operations_TooManyWait_AreRefusedWithTheLimitsName()
    {
        using var small = ApiFixture.With(("PluginHost:Limits:QueuedOperations", "2"), ("PluginHost:Limits:OperationBytes", "2048"));
        using var upload = await small.UploadAsync("fickle", CallClient.Fickle);
        using var other = await small.UploadAsync("calc", Repository.Sample("calc"));
        var first = await small.Client.BeginAsync("fickle", "loop", """{"args":[]}""");
        var second = await small.Client.BeginAsync("fickle", "loop", """{"args":[]}""");

        using var third = await small.CallAsync("fickle", "loop", """{"args":[]}""", ("Prefer", "respond-async"));
        var unharmed = await small.Client.EndAsync(await small.Client.BeginAsync("calc", "add", """{"args":[1,2]}"""));
        using var large = await small.CallAsync("calc", "add", $$"""{"args":[1,2{{new string(' ', 2_048)}}]}""", ("Prefer", "respond-async"));

        Assert.Contains("QueuedOperations", (await ProblemAssert.IsAsync(third, 429, "queue-full")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("OperationBytes", (await ProblemAssert.IsAsync(large, 429, "queue-full")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Succeeded", unharmed.GetProperty("state").GetString());

        foreach (var path in (string[])[first, second])
        {
            using var end = await small.Client.PostAsync(new Uri(path + "/cancel", UriKind.Relative), null);
        }
    }

    [Fact]
    public async Task Operation_PluginIsDeleted_GoesWithIt()
    {
        var plugin = await UploadAsync(CallClient.Fickle);
        var path = await api.Client.BeginAsync(plugin, "loop", """{"args":[]}""", ("PluginHost-Deadline-Ms", "2000"));

        using var delete = await api.Client.DeleteAsync(new Uri($"/v1/plugins/{plugin}", UriKind.Relative));
        using var gone = await api.Client.GetAsync(path);
        using var again = await api.UploadAsync(plugin, CallClient.Fickle);
        using var still = await api.Client.GetAsync(path);

        await ProblemAssert.IsAsync(gone, 404, "plugin-not-found");
        await ProblemAssert.IsAsync(still, 404, "operation-not-found");
    }

    [Fact]
    public async Task Operation_OfAnotherCaller_IsSeenByAdministratorsOnly()
    {
        const string Administrator = "the configured key";
        using var closed = ApiFixture.With(("PluginHost:ApiKey", Administrator));
        closed.Client.DefaultRequestHeaders.Authorization = new("Bearer", Administrator);
        using var upload = await closed.UploadAsync("calc", Repository.Sample("calc"));
        using var one = await MakeClientAsync(closed);
        using var two = await MakeClientAsync(closed);
        var path = await one.BeginAsync("calc", "add", """{"args":[1,2]}""", ("Idempotency-Key", "a"));
        await one.EndAsync(path);

        using var own = await one.GetAsync(path + "/result");
        using var foreign = await two.GetAsync(path + "/result");
        using var cancel = await two.PostAsync(new Uri(path + "/cancel", UriKind.Relative), null);
        using var administrators = await closed.Client.GetAsync(path + "/result");
        var key = await two.BeginAsync("calc", "add", """{"args":[1,2]}""", ("Idempotency-Key", "a"));

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await ProblemAssert.IsAsync(foreign, 404, "operation-not-found");
        await ProblemAssert.IsAsync(cancel, 404, "operation-not-found");
        Assert.Equal(HttpStatusCode.OK, administrators.StatusCode);
        Assert.NotEqual(path, key);
    }

    [Fact]
    public async Task Restart_OperationsHadNotEnded_NoneIsLostAndOneThatRanIsNotRunTwice()
    {
        using var folder = new TemporaryDirectory();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        string[] arguments = ["--PluginHost:DataDirectory", folder.Path, "--urls", address];
        using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
        string[] plain, keyed;
        string answered;

        // 1. Four run and will not end, of which two may run twice; others wait behind them. The server is killed.
        using (var first = ServerProcess.Start(arguments))
        {
            await first.WaitUntilReadyAsync(client);
            using var module = new ByteArrayContent(CallClient.Fickle);
            module.Headers.ContentType = new("application/wasm");
            using var upload = await client.PostAsync(new Uri("/v1/plugins/fickle/versions", UriKind.Relative), module);
            using var once = await client.CallAsync("fickle", "once", """{"args":[]}""", ("Idempotency-Key", "once"));
            answered = await once.Content.ReadAsStringAsync();

            plain = [await LoopAsync(client), await LoopAsync(client)];
            keyed = [await LoopAsync(client, ("Idempotency-Key", "a")), await LoopAsync(client, ("Idempotency-Key", "b"))];

            foreach (var path in (string[])[.. plain, .. keyed])
            {
                while ((await client.OperationAsync(path)).GetProperty("state").GetString() != "Running")
                    await Task.Delay(10);
            }

            plain = [.. plain, await client.BeginAsync("fickle", "once", """{"args":[]}""")];
            first.Kill();
        }

        // 2. It goes on.
        using var second = ServerProcess.Start(arguments);
        await second.WaitUntilReadyAsync(client);
        var interrupted = await client.EndAsync(plain[0]);
        using var problem = await client.GetAsync(plain[1] + "/result");
        var waited = await client.EndAsync(plain[2]);
        using var again = await client.CallAsync("fickle", "once", """{"args":[]}""", ("Idempotency-Key", "once"));

        Assert.Equal("Failed", interrupted.GetProperty("state").GetString());
        await ProblemAssert.IsAsync(problem, 503, "operation-interrupted");
        Assert.Equal("Succeeded", waited.GetProperty("state").GetString());
        Assert.Equal(answered, await again.Content.ReadAsStringAsync());
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));

        foreach (var path in keyed)
        {
            while ((await client.OperationAsync(path)).GetProperty("state").GetString() != "Running")
                await Task.Delay(10);
        }

        // 3. A graceful end leaves those that may run twice to the next start.
        second.Terminate();
        await second.ExitAsync();
        using var third = ServerProcess.Start(arguments);
        await third.WaitUntilReadyAsync(client);
        var resumed = await client.OperationAsync(keyed[0]);
        using var cancelled = await client.PostAsync(new Uri(keyed[0] + "/cancel", UriKind.Relative), null);

        Assert.Contains(resumed.GetProperty("state").GetString(), (string[])["Queued", "Running"]);
        Assert.Contains("Cancelled", await cancelled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<string> LoopAsync(HttpClient client, params (string, string)[] headers) => client.BeginAsync("fickle", "loop", """{"args":[]}""", headers);

    private static async Task<HttpClient> MakeClientAsync(ApiFixture api)
    {
        using var content = new StringContent("""{"name":"caller","scopes":["invoke"]}""", System.Text.Encoding.UTF8, "application/json");
        using var made = await api.Client.PostAsync(new Uri("/v1/keys", UriKind.Relative), content);
        using var document = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", document.RootElement.GetProperty("secret").GetString());
        return client;
    }

    private Task<string> UploadAsync(byte[] module, string? configuration = null) => api.UploadNewAsync(module, configuration);
}
