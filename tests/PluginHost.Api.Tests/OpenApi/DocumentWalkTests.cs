using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Api.Tests.Calls;
using PluginHost.Api.Tests.RichTypes;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests.OpenApi;

/// <summary>Every operation with right and wrong input: no answer is a 500, none is one that the document does not have, and each that it has is given.</summary>
public sealed class DocumentWalkTests
{
    private const string Administrator = "the configured key";
    private const string Json = "application/json";
    private const string Wasm = "application/wasm";
    private const string Plugin = "/v1/plugins/{plugin}";
    private const string Export = Plugin + "/exports/{export}";

    /// <summary>Answers that are not given here, and why.</summary>
    private static readonly Dictionary<(string, string), string> Elsewhere = new()
    {
        [($"POST {Plugin}/aliases/{{alias}}/rollback", "507")] = "a full disk: StartFailureTests and the catalog's own tests have one",
        [($"POST {Plugin}/aliases/{{alias}}/rollback", "422")] = "a version that was live and does not start any more",
        [("POST /v1/backup", "507")] = "a full disk",
        [("POST /v1/backup", "409")] = "two at a time: BackupTests",
        [($"POST {Export}/handle", "507")] = "as invoke, which the same lines answer",
        [($"POST {Export}/batch", "507")] = "a full disk under an idempotency key: DiskSpaceTests",
        [("GET /readyz", "503")] = "ProcessTests, while a server drains",
    };

    /// <summary>Not among them is %00, which Kestrel refuses before anything looks at it.</summary>
    private static readonly string[] Texts =
    [
        "%20", "..", "%2e%2e%2f", "a%2fb", "A", "ä", "%F0%9F%98%80", "%ff", "-1", "0", "99999999999999999999", "1e9", "0x10", "null", "live", "'", "%22", "%3Cscript%3E", "{plugin}", new('a', 300), new('a', 4_000),
    ];

    private static readonly string[] Queries = ["", "-1", "0", "1", "99999999999999999999", "1.5", "abc", "true", "%00", "%ff", "=", "a=b", "&", new('9', 2_000)];

    private static readonly string[] Headers = ["", "*", "\"1\"", "W/\"1\"", "\"", "a, b", "respond-async", "wait=-1", "wait=99999999999", "0", "-1", "1", "!#$%&", new('x', 3_000)];

    private static readonly string[] Bodies =
    [
        "", "null", "true", "1", "\"text\"", "[]", "{}", "{", "}", "[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":1}", "{\"a\":1,\"a\":2}", "\u0000", "{\"args\":null}", "{\"args\":{}}", "{\"args\":[1e400,{}]}", "{\"calls\":[[],[1],null]}",
        "{\"targets\":[]}", "{\"targets\":[{\"version\":0}]}", "{\"targets\":[{\"version\":1,\"weight\":-1}]}", "{\"targets\":null}", "{\"name\":1,\"scopes\":{}}", "{\"scopes\":[null]}", "{\"limits\":{\"memoryBytes\":-1}}",
        "{\"limits\":null}", "{\"env\":{\"\":null}}", "{\"grants\":{\"http\":{\"hosts\":[null]}}}", "{\"pool\":{\"minimum\":9,\"maximum\":1}}", "{\"labels\":{\"a b\":\"\"}}", "{\"engine\":\"none\"}", "\ud800",
    ];

    private static readonly string[] Types = [Json, Wasm, "application/octet-stream", "text/plain", "application/x-ndjson", "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "nonsense", "/"];

    [Fact]
    public async Task Document_EveryOperation_AnswersOnlyAsItSaysAndInEveryWayItSays()
    {
        using var api = Start();
        var walk = await DocumentWalk.OfAsync(api.Client);

        await WalkRightAsync(api, walk);
        await WalkLimitsAsync(walk);
        await WalkDrainingAsync(walk);
        await WalkCallersAsync(walk);
        await WalkWrongAsync(walk);

        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong.Take(60)));
        var documented = walk.Operations
            .SelectMany(operation => operation.Description.GetProperty("responses").EnumerateObject().Select(response => (operation.Operation, response.Name)))
            .ToHashSet();
        var missed = documented.Except(walk.Reached).Except(Elsewhere.Keys).ToList();

        Assert.True(missed.Count == 0, $"Documented and never answered: {string.Join("; ", missed)}");
        Assert.All(Elsewhere.Keys, known => Assert.Contains(known, documented));
        Assert.True(walk.Requests > 2_000, $"{walk.Requests} requests");
    }

    private static ApiFixture Start(params (string Key, string Value)[] settings)
    {
        var api = ApiFixture.With([("PluginHost:ApiKey", Administrator), ("PluginHost:Limits:MaximumModuleBytes", "6000000"), ("PluginHost:Limits:BodyBytes", "4096"), .. settings]);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", Administrator);
        return api;
    }

    private static Dictionary<string, string> Of(params (string Name, string Value)[] values) => values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>What somebody does who knows the API, and the mistakes that they make.</summary>
    private static async Task WalkRightAsync(ApiFixture api, DocumentWalk walk)
    {
        var client = api.Client;
        var calc = Repository.Sample("calc");
        Task<int> Send(string operation, Dictionary<string, string>? values = null, string query = "", string? type = null, string? body = null, params (string, string)[] headers) =>
            walk.SendAsync(client, operation, values, query, type, body is null ? null : Utf8(body), headers);
        Task<int> Upload(string operation, byte[] module, string plugin = "calc", string query = "", string type = Wasm) => walk.SendAsync(client, operation, Of(("plugin", plugin)), query, type, module);

        // 1. Server, uploads, versions.
        foreach (var operation in (string[])["GET /livez", "GET /readyz", "GET /v1/server", "GET /metrics", "GET /v1/plugins", "GET /v1/audit", "GET /v1/keys", "POST /v1/backup"])
            walk.Expect(200, await Send(operation));

        await Send("GET /v1/plugins", query: "?pageSize=0");
        await Send("GET /v1/audit", query: "?pageSize=0");

        var posting = $"POST {Plugin}/versions";
        walk.Expect(201, await Upload(posting, calc));
        walk.Expect(200, await Upload(posting, calc));
        walk.Expect(201, await Upload(posting, [.. calc, 0, 2, 1, (byte)'a']));
        walk.Expect(422, await Upload(posting, "none"u8.ToArray()));
        walk.Expect(413, await Upload(posting, new byte[6_000_001]));
        walk.Expect(415, await Upload(posting, calc, type: "text/plain"));
        walk.Expect(400, await Upload(posting, calc, "No Name"));
        walk.Expect(400, await Upload(posting, calc, query: "?activate=perhaps"));
        var validate = "POST /v1/plugins/validate";
        walk.Expect(200, await Upload(validate, calc));
        walk.Expect(413, await Upload(validate, new byte[6_000_001]));
        walk.Expect(415, await Upload(validate, calc, type: "text/plain"));
        walk.Expect(400, await Upload(validate, calc, type: "multipart/form-data; boundary=x"));

        using var greeter = await api.UploadAsync("greeter", Repository.Sample("greeter"), await File.ReadAllTextAsync(Path.Combine(Repository.Root, "plugins", "greeter", "plugin.json")));
        using var fickle = await api.UploadAsync("fickle", CallClient.Fickle);
        using var handlers = await api.UploadAsync("bytes", GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);

        foreach (var name in (string[])["", "/stats", "/versions", "/exports", "/aliases", "/aliases/{alias}", "/openapi.json", "/logs", "/operations", "/versions/{version}", "/versions/{version}/wasm"])
        {
            walk.Expect(200, await Send($"GET {Plugin}{name}"));
            walk.Expect(404, await Send($"GET {Plugin}{name}", Of(("plugin", "nothing"))));
        }

        walk.Expect(200, await Send($"GET {Plugin}/versions/{{version}}/manifest", Of(("plugin", "greeter"))));
        walk.Expect(404, await Send($"GET {Plugin}/versions/{{version}}/manifest"));
        await Send($"GET {Plugin}/versions", query: "?pageSize=0");
        await Send($"GET {Plugin}/operations", query: "?pageSize=0");
        walk.Expect(304, await Send($"GET {Plugin}/versions/{{version}}", headers: ("If-None-Match", "*")));
        walk.Expect(304, await Send($"GET {Plugin}/aliases/{{alias}}", headers: ("If-None-Match", "*")));

        foreach (var method in (string[])["GET", "HEAD"])
        {
            var bytes = $"{method} {Plugin}/versions/{{version}}/wasm";
            walk.Expect(200, await Send(bytes));
            walk.Expect(404, await Send(bytes, Of(("version", "99"))));
            walk.Expect(304, await Send(bytes, headers: ("If-None-Match", "*")));
            walk.Expect(412, await Send(bytes, headers: ("If-Match", "\"none\"")));
            walk.Expect(206, await Send(bytes, headers: ("Range", "bytes=0-3")));
            walk.Expect(416, await Send(bytes, headers: ("Range", "bytes=99999999-")));
        }

        // 2. Configuration and aliases.
        var putting = $"PUT {Plugin}";
        walk.Expect(201, await Send(putting, Of(("plugin", "new")), type: Json, body: "{}"));
        walk.Expect(200, await Send(putting, Of(("plugin", "new")), type: Json, body: "{}"));
        walk.Expect(412, await Send(putting, Of(("plugin", "new")), type: Json, body: "{}", headers: ("If-None-Match", "*")));
        walk.Expect(412, await Send($"DELETE {Plugin}", Of(("plugin", "new")), headers: ("If-Match", "\"none\"")));
        walk.Expect(204, await Send($"DELETE {Plugin}", Of(("plugin", "new"))));
        walk.Expect(404, await Send($"DELETE {Plugin}", Of(("plugin", "new"))));

        var alias = $"{Plugin}/aliases/{{alias}}";
        walk.Expect(428, await Send("PUT " + alias, type: Json, body: """{"targets":[{"version":1}]}"""));
        walk.Expect(412, await Send("PUT " + alias, type: Json, body: """{"targets":[{"version":1}]}""", headers: ("If-Match", "\"none\"")));
        walk.Expect(200, await Send("PUT " + alias, type: Json, body: """{"targets":[{"version":1}]}""", headers: ("If-Match", "*")));
        walk.Expect(404, await Send("PUT " + alias, type: Json, body: """{"targets":[{"version":9}]}""", headers: ("If-Match", "*")));
        walk.Expect(412, await Send($"POST {alias}/rollback", headers: ("If-Match", "\"none\"")));
        walk.Expect(200, await Send($"POST {alias}/rollback"));
        walk.Expect(404, await Send($"POST {alias}/rollback", Of(("alias", "none"))));
        walk.Expect(409, await Send($"POST {alias}/rollback", Of(("plugin", "greeter"))));

        for (var i = 0; i < 31; i++)
            walk.Expect(201, await Send("PUT " + alias, Of(("alias", $"alias-{i}")), type: Json, body: """{"targets":[{"version":1}]}"""));

        walk.Expect(507, await Send("PUT " + alias, Of(("alias", "one-more")), type: Json, body: """{"targets":[{"version":1}]}"""));
        walk.Expect(412, await Send("DELETE " + alias, Of(("alias", "alias-0")), headers: ("If-Match", "\"none\"")));
        walk.Expect(204, await Send("DELETE " + alias, Of(("alias", "alias-0"))));
        walk.Expect(404, await Send("DELETE " + alias, Of(("alias", "alias-0"))));
        walk.Expect(409, await Send("DELETE " + alias));

        // A version that cannot be started any more, as it was given too little memory, cannot become live again.
        await Upload(posting, calc, "starved");
        walk.Expect(200, await Send(putting, Of(("plugin", "starved")), type: Json, body: """{"limits":{"memoryBytes":65536}}"""));
        walk.Expect(422, await Send("PUT " + alias, Of(("plugin", "starved")), type: Json, body: """{"targets":[{"version":1}]}""", headers: ("If-Match", "*")));

        // 3. Calls.
        var invoke = $"POST {Export}/invoke";
        var fickleCall = Of(("plugin", "fickle"), ("export", "trap"));
        var loop = Of(("plugin", "fickle"), ("export", "loop"));
        const string Nothing = """{"args":[]}""";

        foreach (var (operation, body) in ((string, string)[])[(invoke, """{"args":[1,2]}"""), ($"POST {Export}/batch", """{"calls":[[1,2]]}""")])
        {
            walk.Expect(200, await Send(operation, type: Json, body: body));
            walk.Expect(202, await Send(operation, type: Json, body: body, headers: ("Prefer", "respond-async")));
            walk.Expect(415, await Send(operation, type: "text/plain", body: body));
            walk.Expect(413, await Send(operation, type: Json, body: new string(' ', 5_000)));
            walk.Expect(404, await Send(operation, Of(("export", "nothing")), type: Json, body: body));
            walk.Expect(200, await Send(operation, type: Json, body: body, headers: ("Idempotency-Key", "walk" + operation.Length)));
            walk.Expect(422, await Send(operation, type: Json, body: body.Replace('2', '3'), headers: ("Idempotency-Key", "walk" + operation.Length)));
            var first = Send(operation, loop, type: Json, body: body.Replace("[1,2]", "[]", StringComparison.Ordinal), headers: [("Idempotency-Key", "busy"), ("PluginHost-Deadline-Ms", "1500")]);
            var second = 0;

            while (second != 409 && !first.IsCompleted)
                second = await Send(operation, loop, type: Json, body: body.Replace("[1,2]", "[]", StringComparison.Ordinal), headers: [("Idempotency-Key", "busy"), ("PluginHost-Deadline-Ms", "1")]);

            await first;
        }

        walk.Expect(422, await Send(invoke, fickleCall, type: Json, body: Nothing));
        walk.Expect(504, await Send(invoke, loop, type: Json, body: Nothing, headers: ("PluginHost-Deadline-Ms", "20")));
        using var faults = await api.UploadAsync("faults", Repository.Sample("faults"));
        await Send(putting, Of(("plugin", "faults")), type: Json, body: """{"limits":{"memoryBytes":33554432}}""");
        walk.Expect(507, await Send(invoke, Of(("plugin", "faults"), ("export", "allocateForever")), type: Json, body: Nothing));

        var handle = $"POST {Export}/handle";
        walk.Expect(200, await Send(handle, Of(("plugin", "bytes"), ("export", "upper")), type: "application/octet-stream", body: "abc"));
        walk.Expect(204, await Send(handle, Of(("plugin", "bytes"), ("export", "keep")), type: "text/plain", body: "abc"));
        walk.Expect(202, await Send(handle, Of(("plugin", "bytes"), ("export", "keep")), type: "text/plain", body: "abc", headers: ("Prefer", "respond-async")));
        walk.Expect(415, await Send(handle, Of(("plugin", "bytes"), ("export", "echo")), type: "text/plain", body: "{}"));
        walk.Expect(413, await Send(handle, Of(("plugin", "bytes"), ("export", "upper")), type: "text/plain", body: new string('a', 5_000)));
        walk.Expect(404, await Send(handle, Of(("plugin", "bytes"), ("export", "nothing")), type: "text/plain", body: "abc"));
        walk.Expect(422, await Send(handle, type: "text/plain", body: "abc"));
        walk.Expect(400, await Send(handle, Of(("plugin", "bytes"), ("export", "echo")), type: Json, body: "{"));
        walk.Expect(504, await Send(handle, loop, headers: ("PluginHost-Deadline-Ms", "20")));
        var running = Send(handle, loop, headers: [("Idempotency-Key", "handle"), ("PluginHost-Deadline-Ms", "1500")]);
        var repeated = 0;

        while (repeated != 409 && !running.IsCompleted)
            repeated = await Send(handle, loop, headers: [("Idempotency-Key", "handle"), ("PluginHost-Deadline-Ms", "1")]);

        await running;

        // 4. Operations.
        var going = (await client.BeginAsync("fickle", "loop", Nothing)).Split('/')[^1];
        var there = Of(("plugin", "fickle"), ("operation", going));
        var one = $"{Plugin}/operations/{{operation}}";
        walk.Expect(200, await Send("GET " + one, there));
        walk.Expect(409, await Send($"GET {one}/result", there));
        walk.Expect(409, await Send("DELETE " + one, there));
        walk.Expect(200, await Send($"POST {one}/cancel", there));
        walk.Expect(204, await Send("DELETE " + one, there));

        foreach (var operation in (string[])["GET " + one, $"GET {one}/result", $"POST {one}/cancel", "DELETE " + one])
            walk.Expect(404, await Send(operation, there));

        var given = await client.BeginAsync("calc", "add", """{"args":[1,2]}""");
        await client.EndAsync(given);
        walk.Expect(200, await Send($"GET {one}/result", Of(("operation", given.Split('/')[^1]))));
        var nothing = await client.BeginAsync("bytes", "keep/handle", "abc");
        await client.EndAsync(nothing);
        walk.Expect(204, await Send($"GET {one}/result", Of(("plugin", "bytes"), ("operation", nothing.Split('/')[^1]))));

        // 5. Keys, and what is in use.
        walk.Expect(201, await Send("POST /v1/keys", type: Json, body: """{"name":"a","scopes":["admin"]}"""));
        walk.Expect(415, await Send("POST /v1/keys", type: "text/plain", body: "{}"));
        walk.Expect(413, await Send("POST /v1/keys", type: Json, body: new string(' ', 200_000)));
        var keys = await api.JsonAsync("/v1/keys");
        var key = keys.GetProperty("items").EnumerateArray().First().GetProperty("id").GetString()!;
        walk.Expect(200, await Send("GET /v1/keys/{key}", Of(("key", key))));
        walk.Expect(204, await Send("DELETE /v1/keys/{key}", Of(("key", key))));
        walk.Expect(404, await Send("GET /v1/keys/{key}"));
        walk.Expect(404, await Send("DELETE /v1/keys/{key}"));

        var version = $"DELETE {Plugin}/versions/{{version}}";
        walk.Expect(412, await Send(version, headers: ("If-Match", "\"none\"")));
        walk.Expect(409, await Send(version, Of(("plugin", "greeter"))));
        walk.Expect(404, await Send(version, Of(("version", "99"))));
        await Upload(posting, [.. Repository.Sample("counter"), 0, 2, 1, (byte)'a'], "counter");
        await Upload(posting, Repository.Sample("counter"), "counter");
        walk.Expect(204, await Send(version, Of(("plugin", "counter"))));
    }

    /// <summary>Servers that are full.</summary>
    private static async Task WalkLimitsAsync(DocumentWalk walk)
    {
        using var full = Start(("PluginHost:Limits:MaximumPlugins", "1"), ("PluginHost:Limits:MaximumKeys", "1"), ("PluginHost:Limits:LogFollowers", "1"));
        using var upload = await full.UploadAsync("calc", Repository.Sample("calc"));

        walk.Expect(507, await walk.SendAsync(full.Client, $"PUT {Plugin}", Of(("plugin", "more")), contentType: Json, body: Utf8("{}")));
        walk.Expect(507, await walk.SendAsync(full.Client, $"POST {Plugin}/versions", Of(("plugin", "more")), contentType: Wasm, body: ModuleBuilder.Add));
        walk.Expect(201, await walk.SendAsync(full.Client, "POST /v1/keys", contentType: Json, body: Utf8("""{"name":"a","scopes":["admin"]}""")));
        walk.Expect(507, await walk.SendAsync(full.Client, "POST /v1/keys", contentType: Json, body: Utf8("""{"name":"b","scopes":["admin"]}""")));
        using var follower = await full.Client.GetStreamAsync(new Uri("/v1/plugins/calc/logs?follow=true", UriKind.Relative));
        walk.Expect(503, await walk.SendAsync(full.Client, $"GET {Plugin}/logs", query: "?follow=true"));

        // The last administrator, and a first key that is none: on a server without a configured key.
        using var open = ApiFixture.With();
        walk.Expect(409, await walk.SendAsync(open.Client, "POST /v1/keys", contentType: Json, body: Utf8("""{"name":"a","scopes":["read"]}""")));
        var made = open.Services.GetRequiredService<AccessKeys>().Create(new KeyRequest("a", ["admin"]), needsAdministrator: true).Value!;
        open.Client.DefaultRequestHeaders.Authorization = new("Bearer", made.Secret);
        walk.Expect(409, await walk.SendAsync(open.Client, "DELETE /v1/keys/{key}", Of(("key", made.Key.Id))));
    }

    /// <summary>A server that stops.</summary>
    private static async Task WalkDrainingAsync(DocumentWalk walk)
    {
        using var api = Start();
        using var upload = await api.UploadAsync("calc", Repository.Sample("calc"));
        using var handlers = await api.UploadAsync("bytes", GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);
        api.Services.GetRequiredService<HostState>().Drain();
        var client = api.Client;

        walk.Expect(503, await walk.SendAsync(client, $"PUT {Plugin}", contentType: Json, body: Utf8("{}")));
        walk.Expect(503, await walk.SendAsync(client, $"POST {Plugin}/versions", contentType: Wasm, body: ModuleBuilder.Add));
        walk.Expect(503, await walk.SendAsync(client, "POST /v1/plugins/validate", contentType: Wasm, body: ModuleBuilder.Add));
        walk.Expect(503, await walk.SendAsync(client, $"DELETE {Plugin}/versions/{{version}}"));
        walk.Expect(503, await walk.SendAsync(client, $"PUT {Plugin}/aliases/{{alias}}", contentType: Json, body: Utf8("""{"targets":[{"version":1}]}"""), headers: ("If-Match", "*")));
        walk.Expect(503, await walk.SendAsync(client, $"DELETE {Plugin}/aliases/{{alias}}"));
        walk.Expect(503, await walk.SendAsync(client, $"POST {Plugin}/aliases/{{alias}}/rollback"));
        walk.Expect(503, await walk.SendAsync(client, $"POST {Export}/invoke", contentType: Json, body: Utf8("""{"args":[1,2]}""")));
        walk.Expect(503, await walk.SendAsync(client, $"POST {Export}/batch", contentType: Json, body: Utf8("""{"calls":[[1,2]]}"""), headers: ("Prefer", "respond-async")));
        walk.Expect(503, await walk.SendAsync(client, $"POST {Export}/handle", Of(("plugin", "bytes"), ("export", "upper")), contentType: "text/plain", body: "a"u8.ToArray()));
    }

    /// <summary>Callers without a key, with one that is not enough, and with one that comes too often.</summary>
    private static async Task WalkCallersAsync(DocumentWalk walk)
    {
        using var api = Start();
        using var often = ApiFixture.With(("PluginHost:ApiKey", Administrator), ("PluginHost:Limits:RequestsPerSecond", "1"), ("PluginHost:Limits:RequestBurst", "1"));
        var keys = api.Services.GetRequiredService<AccessKeys>();
        var invoke = keys.Create(new KeyRequest("a", ["invoke"]), needsAdministrator: false).Value!.Secret;
        var read = keys.Create(new KeyRequest("b", ["read"]), needsAdministrator: false).Value!.Secret;
        using var nobody = new HttpClient { BaseAddress = api.Client.BaseAddress };
        using var frequent = new HttpClient { BaseAddress = often.Client.BaseAddress };

        foreach (var (operation, description) in walk.Operations.Where(operation => operation.Description.GetProperty("security").GetArrayLength() > 0).ToList())
        {
            var scope = description.GetProperty("security")[0].GetProperty("key")[0].GetString();

            walk.Expect(401, await walk.SendAsync(nobody, operation));
            walk.Expect(403, await walk.SendAsync(nobody, operation, headers: ("Authorization", $"Bearer {(scope == "invoke" ? read : invoke)}")));
            var status = 0;

            for (var tries = 0; tries < 50 && status != 429; tries++)
                status = await walk.SendAsync(frequent, operation);

            walk.Expect(429, status);
        }
    }

    /// <summary>Each parameter, header and body with what does not belong there, one at a time.</summary>
    private static async Task WalkWrongAsync(DocumentWalk walk)
    {
        using var api = Start();
        using var upload = await api.UploadAsync("calc", Repository.Sample("calc"));

        foreach (var (operation, description) in walk.Operations.ToList())
        {
            foreach (var parameter in DocumentWalk.Parameters(description, "path"))
            {
                foreach (var text in Texts.Where(text => !IsDifferentPath(text)))
                    await walk.SendAsync(api.Client, operation, Of((parameter.GetProperty("name").GetString()!, text)));
            }

            foreach (var parameter in DocumentWalk.Parameters(description, "query"))
            {
                foreach (var text in Queries.Where(text => !(text == "true" && parameter.GetProperty("name").GetString() == "follow")))
                    await walk.SendAsync(api.Client, operation, query: $"?{parameter.GetProperty("name").GetString()}={text}", contentType: ContentType(description), body: Example(description));
            }

            foreach (var parameter in DocumentWalk.Parameters(description, "header"))
            {
                foreach (var text in Headers)
                    await walk.SendAsync(api.Client, operation, contentType: ContentType(description), body: Example(description), headers: (parameter.GetProperty("name").GetString()!, text));
            }

            if (!description.TryGetProperty("requestBody", out _))
                continue;

            foreach (var body in Bodies)
                await walk.SendAsync(api.Client, operation, contentType: ContentType(description), body: Utf8(body), headers: ("If-Match", "*"));

            foreach (var type in Types)
                await walk.SendAsync(api.Client, operation, contentType: type, body: Utf8("{}"));

            await walk.SendAsync(api.Client, operation);

            // What was deleted or put out of order is as it was.
            using var again = await api.UploadAsync("calc", Repository.Sample("calc"));
        }
    }

    /// <summary>Whether a client or the router takes it for another path than the operation's.</summary>
    private static bool IsDifferentPath(string text) => text is ".." or "";

    private static string? ContentType(JsonElement description) => description.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().First().Name : null;

    private static byte[]? Example(JsonElement description) =>
        description.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().First().Value.TryGetProperty("example", out var example) ? Utf8(example.GetRawText()) : [] : null;
}
