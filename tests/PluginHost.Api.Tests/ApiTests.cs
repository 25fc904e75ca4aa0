using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class ApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Upload_CalcThenInvoke_GivesThreeAndSaysWhichVersion()
    {
        using var upload = await api.UploadAsync("first", Repository.Sample("calc"));
        using var again = await api.UploadAsync("first", Repository.Sample("calc"));

        using var answer = await api.InvokeAsync("first", "add", """{"args":[1,2]}""");

        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        Assert.Equal("/v1/plugins/first/versions/1", upload.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("""{"results":[3]}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("PluginHost-Version")));
        Assert.Contains("exec;dur=", Assert.Single(answer.Headers.GetValues("Server-Timing")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add", """{"args":[1]}""", 400, "wrong-arity")]
    [InlineData("add", """{"args":[1,2,3]}""", 400, "wrong-arity")]
    [InlineData("add", """{"args":[1,2.5]}""", 400, "argument-type")]
    [InlineData("add", """{"args":[1,true]}""", 400, "argument-type")]
    [InlineData("add", """{"args":[1,4294967296]}""", 400, "argument-out-of-range")]
    [InlineData("add", """{"args":[1,1e999999999]}""", 400, "argument-out-of-range")]
    [InlineData("addF32", """{"args":[1,1e39]}""", 400, "argument-out-of-range")]
    [InlineData("add", """{"args":[1,""", 400, "malformed-json")]
    [InlineData("add", """{"args":[1,2],"more":1}""", 400, "malformed-json")]
    [InlineData("add", """{"args":[[[[[[[[[[[[1,2]]]]]]]]]]]]}""", 400, "argument-type")]
    [InlineData("missing", """{"args":[]}""", 404, "export-not-found")]
    public async Task Invoke_WrongInput_IsTheDocumentedProblem(string export, string body, int status, string code)
    {
        using var upload = await api.UploadAsync("wrong", Repository.Sample("calc"));

        using var answer = await api.InvokeAsync("wrong", export, body);

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Theory]
    [InlineData("panicText", "[]", 422, "trap")]
    [InlineData("exit", "[3]", 422, "guest-exit")]
    [InlineData("deadlock", "[]", 422, "trap")]
    [InlineData("loop", "[]", 504, "deadline-exceeded")]
    [InlineData("sleepForever", "[]", 504, "deadline-exceeded")]
    [InlineData("recurseForever", "[0]", 507, "guest-out-of-memory")]
    [InlineData("allocateForever", "[]", 507, "guest-out-of-memory")]
    public async Task Invoke_Fault_IsAProblemAndTheNextCallWorks(string export, string arguments, int status, string code)
    {
        using var upload = await api.UploadAsync("faults", Repository.Sample("faults"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/plugins/faults/exports/{export}/invoke", UriKind.Relative))
        {
            Content = new StringContent($"{{\"args\":{arguments}}}", Encoding.UTF8, "application/json"),
        };

        if (status == 504)
            request.Headers.Add("PluginHost-Deadline-Ms", "300");

        using var answer = await api.Client.SendAsync(request);
        using var next = await api.InvokeAsync("faults", "fine", """{"args":[7]}""");

        await ProblemAssert.IsAsync(answer, status, code);
        Assert.Equal("""{"results":[7]}""", await next.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("panicText", "[]", "trap", "unreachable")]
    [InlineData("exit", "[-3]", "exitCode", "-3")]
    public async Task Invoke_Fault_TellsItsKindAsStatisticsDo(string export, string arguments, string field, string expected)
    {
        using var upload = await api.UploadAsync("faults", Repository.Sample("faults"));

        using var answer = await api.InvokeAsync("faults", export, $"{{\"args\":{arguments}}}");

        var problem = await ProblemAssert.IsAsync(answer, 422, field == "trap" ? "trap" : "guest-exit");
        Assert.Equal(expected, problem.GetProperty(field).ToString());
        Assert.True(field == "trap" || problem.GetProperty("detail").GetString()!.EndsWith(" -3.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Invoke_Panic_TellsTheLineTheStackAndTheInstancesFate()
    {
        using var upload = await api.UploadAsync("panics", Repository.Sample("faults"));

        using var answer = await api.InvokeAsync("panics", "panicText", """{"args":[]}""");

        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("panic: boom", problem.RootElement.GetProperty("panic").GetString());
        Assert.Contains(problem.RootElement.GetProperty("stack").EnumerateArray(), frame => frame.GetString() == "main.panicText");
        Assert.Equal("discarded", problem.RootElement.GetProperty("instance").GetString());
    }

    [Fact]
    public async Task Invoke_SixtyFourGuestsSleep_OtherRequestsAreAnswered()
    {
        using var own = ApiFixture.With(("PluginHost:Limits:MaximumInstances", "64"));
        using var sleepy = await own.UploadAsync("sleepy", Repository.Sample("goroutines"));
        using var calc = await own.UploadAsync("calc", Repository.Sample("calc"));
        var sleeping = Enumerable.Range(0, 64).Select(_ => own.InvokeAsync("sleepy", "sleep", """{"args":[4000]}""")).ToList();

        using var live = await own.Client.GetAsync(new Uri("/livez", UriKind.Relative));
        using var add = await own.InvokeAsync("calc", "add", """{"args":[20,22]}""");
        var unfinished = sleeping.Count(call => !call.IsCompleted);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("""{"results":[42]}""", await add.Content.ReadAsStringAsync());
        Assert.Equal(64, unfinished);

        foreach (var call in await Task.WhenAll(sleeping))
        {
            Assert.Equal(HttpStatusCode.OK, call.StatusCode);
            call.Dispose();
        }
    }

    [Theory]
    [InlineData("?int64=numbr")]
    [InlineData("?int64=number&int64=number")]
    [InlineData("?float=bit")]
    [InlineData("?version=1&alias=live")]
    [InlineData("?version=1&version=2")]
    public async Task Invoke_ParameterThatIsNone_IsInvalid(string query)
    {
        using var upload = await api.UploadAsync("parameters", Repository.Sample("calc"));

        using var answer = await api.InvokeAsync("parameters", "add", """{"args":[1,2]}""", query);

        await ProblemAssert.IsAsync(answer, 400, "invalid-parameter");
    }

    [Fact]
    public async Task Anonymous_HostInCapitals_IsTheSameHost()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative)) { Headers = { Host = "LocalHost" } };

        using var answer = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Batch_ResultsAndProblems_ComeInOrder()
    {
        using var upload = await api.UploadAsync("batch", Repository.Sample("calc"));

        using var answer = await api.Client.PostAsync(
            new Uri("/v1/plugins/batch/exports/div/batch", UriKind.Relative), new StringContent("""{"calls":[[6,3],[1,0],[9,3]]}""", Encoding.UTF8, "application/json"));

        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var results = body.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(2, results[0].GetProperty("results")[0].GetInt32());
        Assert.Equal("trap", results[1].GetProperty("code").GetString());
        Assert.Equal(3, results[2].GetProperty("results")[0].GetInt32());
    }

    [Fact]
    public async Task Batch_DeadlinePasses_TheCallsThatAreLeftDoNotRun()
    {
        using var upload = await api.UploadAsync("slow", Repository.Sample("faults"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/plugins/slow/exports/loop/batch", UriKind.Relative))
        {
            Content = new StringContent("""{"calls":[[],[],[]]}""", Encoding.UTF8, "application/json"),
            Headers = { { "PluginHost-Deadline-Ms", "200" } },
        };

        using var answer = await api.Client.SendAsync(request);

        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var results = body.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.All(results, result => Assert.Equal("deadline-exceeded", result.GetProperty("code").GetString()));
        Assert.Equal([true, false, false], results.Select(result => result.TryGetProperty("instance", out _)));
    }

    [Fact]
    public async Task Upload_LargerThanTheLimit_IsRefusedBeforeItIsRead()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        var head = $"POST /v1/plugins/big/versions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/wasm\r\nContent-Length: {1L << 30}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));

        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var status = await reader.ReadLineAsync();

        Assert.Equal("HTTP/1.1 413 Payload Too Large", status);
    }

    [Fact]
    public async Task Upload_ClientHangsUp_LeavesNothing()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
            var head = "POST /v1/plugins/gone/versions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/wasm\r\nContent-Length: 100000\r\n\r\n\0asm";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        }

        using var live = await api.Client.GetAsync(new Uri("/livez", UriKind.Relative));
        using var plugin = await api.Client.GetAsync(new Uri("/v1/plugins/gone", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        await ProblemAssert.IsAsync(plugin, 404, "plugin-not-found");
    }

    [Fact]
    public async Task Upload_MultipartForm_IsTheSameAsRaw()
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("""{"manifest":1,"name":"calc"}"""), "manifest");
        form.Add(new ByteArrayContent(Repository.Sample("calc")), "file", "calc.wasm");

        using var upload = await api.Client.PostAsync(new Uri("/v1/plugins/form/versions", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", "hello", 415, "unsupported-media-type")]
    [InlineData("application/wasm", "", 422, "invalid-module")]
    [InlineData("application/wasm", "package main", 422, "invalid-module")]
    public async Task Upload_NoModule_SaysWhatItIs(string type, string body, int status, string code)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = new(type);

        using var answer = await api.Client.PostAsync(new Uri("/v1/plugins/none/versions", UriKind.Relative), content);

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Fact]
    public async Task Key_MissingOrWrong_Is401AndRightIsLetIn()
    {
        using var own = ApiFixture.With(("PluginHost:ApiKey", "a key"));

        using var missing = await own.Client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        own.Client.DefaultRequestHeaders.Authorization = new("Bearer", "another");
        using var wrong = await own.Client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));
        own.Client.DefaultRequestHeaders.Authorization = new("Bearer", "a key");
        using var right = await own.Client.GetAsync(new Uri("/v1/plugins", UriKind.Relative));

        await ProblemAssert.IsAsync(missing, 401, "unauthenticated");
        await ProblemAssert.IsAsync(wrong, 401, "unauthenticated");
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task Anonymous_ForeignHostOrOrigin_IsForbidden()
    {
        using var byName = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative));
        byName.Headers.Host = "evil.example";
        using var byPage = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative));
        byPage.Headers.Add("Origin", "http://evil.example");

        using var byProxy = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/plugins", UriKind.Relative));
        byProxy.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var proxy = await api.Client.SendAsync(byProxy);
        await ProblemAssert.IsAsync(proxy, 403, "forbidden");
        using var name = await api.Client.SendAsync(byName);
        using var page = await api.Client.SendAsync(byPage);

        await ProblemAssert.IsAsync(name, 403, "forbidden");
        await ProblemAssert.IsAsync(page, 403, "forbidden");
    }

    [Fact]
    public async Task Logs_Followed_ComeAsEvents()
    {
        using var upload = await api.UploadAsync("logged", Repository.Sample("faults"));
        using var call = await api.InvokeAsync("logged", "panicText", """{"args":[]}""");

        using var stream = await api.Client.GetStreamAsync(new Uri("/v1/plugins/logged/logs?follow=true", UriKind.Relative)).ContinueWith(task => new StreamReader(task.Result), TaskScheduler.Default);
        string? line;

        do
            line = await stream.ReadLineAsync();
        while (line?.Contains("panic: boom", StringComparison.Ordinal) == false);

        Assert.StartsWith("data: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_HasEveryPathOfThisSlice()
    {
        using var document = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();

        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Contains("/v1/plugins/{plugin}/exports/{export}/invoke", paths);
        Assert.Contains("/v1/plugins/{plugin}/versions/{version}/wasm", paths);
        Assert.Contains("/v1/plugins/validate", paths);
    }
}
