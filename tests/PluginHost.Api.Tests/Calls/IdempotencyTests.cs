using System.Net;
using PluginHost.Api.Tests.RichTypes;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Calls;

public sealed class IdempotencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Invoke_SameKeyAgain_IsAnsweredAsBeforeAndNotRunAgain()
    {
        var plugin = await UploadAsync(Repository.Sample("counter"));

        using var first = await api.CallAsync(plugin, "increment", """{"args":[]}""", Key("a"));
        using var again = await api.CallAsync(plugin, "increment", """{"args":[]}""", Key("\"a\""));
        using var other = await api.CallAsync(plugin, "increment", """{"args":[]}""", Key("b"));
        var text = await first.Content.ReadAsStringAsync();

        Assert.Equal("""{"results":["1"]}""", text);
        Assert.Equal(text, await again.Content.ReadAsStringAsync());
        Assert.Equal("""{"results":["2"]}""", await other.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal("1", Assert.Single(again.Headers.GetValues("PluginHost-Version")));
        Assert.Equal("application/json", again.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Invoke_SameKeyForAnotherRequest_IsRefused()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));
        using var first = await api.CallAsync(plugin, "add", """{"args":[1,2]}""", Key("a"));

        using var body = await api.CallAsync(plugin, "add", """{"args":[1,3]}""", Key("a"));
        using var export = await api.CallAsync(plugin, "sub", """{"args":[1,2]}""", Key("a"));
        using var way = await api.CallAsync(plugin, "add", """{"args":[1,2]}""", Key("a"), ("Prefer", "respond-async"));

        await ProblemAssert.IsAsync(body, 422, "idempotency-key-reused");
        await ProblemAssert.IsAsync(export, 422, "idempotency-key-reused");
        await ProblemAssert.IsAsync(way, 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Invoke_SameKeyOfAnotherPlugin_IsAnotherKey()
    {
        var (one, two) = (await UploadAsync(Repository.Sample("counter")), await UploadAsync(Repository.Sample("counter")));
        using var first = await api.CallAsync(one, "add", """{"args":["5"]}""", Key("a"));

        using var second = await api.CallAsync(two, "add", """{"args":["7"]}""", Key("a"));

        Assert.Equal("""{"results":["7"]}""", await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Invoke_KeyIsOnItsWay_IsConflictUntilItIsAnswered()
    {
        var plugin = await UploadAsync(CallClient.Fickle);
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var running = api.CallAsync(plugin, "loop", """{"args":[]}""", Key("a"), ("PluginHost-Deadline-Ms", "3000"));
        HttpResponseMessage meanwhile;

        do
            meanwhile = await client.CallAsync(plugin, "loop", """{"args":[]}""", Key("a"), ("PluginHost-Deadline-Ms", "1"));
        while (meanwhile.StatusCode != HttpStatusCode.Conflict && !running.IsCompleted);

        var problem = await ProblemAssert.IsAsync(meanwhile, 409, "request-in-progress");
        using var answer = await running;
        await ProblemAssert.IsAsync(answer, 504, "deadline-exceeded");

        // A deadline is no answer of the guest's: the key is free again.
        using var again = await client.CallAsync(plugin, "loop", """{"args":[]}""", Key("a"), ("PluginHost-Deadline-Ms", "5"));
        await ProblemAssert.IsAsync(again, 504, "deadline-exceeded");
    }

    [Fact]
    public async Task Invoke_InstanceFails_RunsAgainInAnotherOnlyWithAKey()
    {
        var plugin = await UploadAsync(CallClient.Fickle, """{"pool":{"minimum":1,"maximum":1}}""");
        using var first = await api.CallAsync(plugin, "once", """{"args":[]}""");
        using var second = await api.CallAsync(plugin, "once", """{"args":[]}""", Key("a"));
        using var third = await api.CallAsync(plugin, "once", """{"args":[]}""");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("""{"results":[7]}""", await second.Content.ReadAsStringAsync());
        await ProblemAssert.IsAsync(third, 422, "trap");
    }

    [Fact]
    public async Task Invoke_AlwaysTraps_RunsTwiceAndTheKeyIsFree()
    {
        var plugin = await UploadAsync(CallClient.Fickle);

        using var first = await api.CallAsync(plugin, "trap", """{"args":[]}""", Key("a"));
        using var second = await api.CallAsync(plugin, "trap", """{"args":[]}""", Key("a"));
        var statistics = await api.JsonAsync($"/v1/plugins/{plugin}/stats");

        await ProblemAssert.IsAsync(first, 422, "trap");
        await ProblemAssert.IsAsync(second, 422, "trap");
        Assert.False(second.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(4, statistics.GetProperty("failures").GetProperty("trap").GetInt64());
    }

    [Fact]
    public async Task Handle_ErrorOfThePlugin_IsAnAnswerThatIsKept()
    {
        var plugin = $"plugin-{Guid.NewGuid():n}";
        using var upload = await api.UploadAsync(plugin, Repository.Sample("pricing"), await File.ReadAllTextAsync(Path.Combine(Repository.Root, "plugins", "pricing", "plugin.json")));

        using var first = await api.CallAsync(plugin, "price/handle", """{"sku":"nothing","quantity":1}""", Key("a"));
        using var again = await api.CallAsync(plugin, "price/handle", """{"sku":"nothing","quantity":1}""", Key("a"));

        await ProblemAssert.IsAsync(first, 422, "plugin-error");
        await ProblemAssert.IsAsync(again, 422, "plugin-error");
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Batch_SameKeyAgain_IsAnsweredAsBefore()
    {
        var plugin = await UploadAsync(Repository.Sample("counter"));

        using var first = await api.CallAsync(plugin, "add/batch", """{"calls":[["1"],["2"]]}""", Key("a"));
        using var again = await api.CallAsync(plugin, "add/batch", """{"calls":[["1"],["2"]]}""", Key("a"));

        Assert.Equal("""{"results":[{"results":["1"]},{"results":["3"]}]}""", await first.Content.ReadAsStringAsync());
        Assert.Equal("""{"results":[{"results":["1"]},{"results":["3"]}]}""", await again.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("tab\tbed")]
    [InlineData("256")]
    public async Task Invoke_KeyIsNone_IsRefused(string key)
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));

        using var answer = await api.CallAsync(plugin, "add", """{"args":[1,2]}""", Key(key == "256" ? new string('k', 256) : key));

        await ProblemAssert.IsAsync(answer, 400, "invalid-idempotency-key");
    }

    [Fact]
    public async Task Invoke_RequestIsWrong_IsRefusedAndTheKeyIsFree()
    {
        var plugin = await UploadAsync(Repository.Sample("calc"));

        using var wrong = await api.CallAsync(plugin, "add", """{"args":[1]}""", Key("a"));
        using var right = await api.CallAsync(plugin, "add", """{"args":[1,2]}""", Key("a"));

        await ProblemAssert.IsAsync(wrong, 400, "wrong-arity");
        Assert.Equal("""{"results":[3]}""", await right.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answers_MoreThanAreKept_TheOldestAreForgotten()
    {
        using var small = ApiFixture.With(("PluginHost:Limits:Operations", "8"));
        using var upload = await small.UploadAsync("counter", Repository.Sample("counter"));

        for (var i = 0; i < 20; i++)
        {
            using var answer = await small.CallAsync("counter", "increment", """{"args":[]}""", Key($"key-{i}"));
        }

        using var oldest = await small.CallAsync("counter", "increment", """{"args":[]}""", Key("key-0"));
        using var newest = await small.CallAsync("counter", "increment", """{"args":[]}""", Key("key-19"));

        Assert.Equal("""{"results":["21"]}""", await oldest.Content.ReadAsStringAsync());
        Assert.Equal("""{"results":["20"]}""", await newest.Content.ReadAsStringAsync());
    }

    private static (string Name, string Value) Key(string key) => ("Idempotency-Key", key);

    private Task<string> UploadAsync(byte[] module, string? configuration = null) => api.UploadNewAsync(module, configuration);
}
