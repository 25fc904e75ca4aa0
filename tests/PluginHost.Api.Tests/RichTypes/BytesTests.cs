using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.RichTypes;

/// <summary>Strings, bytes and JSON in and out of a plugin that has nothing but Go, kept, sliced, changed and lied about.</summary>
public sealed class BytesTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Plugin = "bytes";

    public async Task InitializeAsync()
    {
        using var configuration = await api.Client.PutAsync(new Uri($"/v1/plugins/{Plugin}", UriKind.Relative), new StringContent("""{"pool":{"maximum":1}}""", Encoding.UTF8, "application/json"));
        using var upload = await api.UploadAsync(Plugin, GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("Ünïcödé 🚀 \\u0000 \\n")]
    public async Task Invoke_AString_ArrivesByteForByte(string text)
    {
        var json = JsonSerializer.Serialize(Encoding.UTF8.GetByteCount(JsonSerializer.Deserialize<string>($"\"{text}\"")!));

        Assert.Equal(json, (await api.ResultAsync(Plugin, "length", $"[\"{text}\"]")).GetRawText());
    }

    [Fact]
    public async Task Invoke_SeveralInOneCall_StandApart()
    {
        var result = await api.ResultAsync(Plugin, "join", """["one","dHdv",3,{"four":[4, "\u0034"]}]""");
        var named = await api.ResultAsync(Plugin, "join", """{"c":null,"number":0,"data":"","a":""}""");

        Assert.Equal("""one|two|3|{"four":[4, "\u0034"]}""", result.GetString());
        Assert.Equal("||0|null", named.GetString());
    }

    [Fact]
    public async Task Invoke_Strings_StandIn8AlignedPlacesThatGoLeavesFree()
    {
        var addresses = ulong.Parse((await api.ResultAsync(Plugin, "addresses", """["abc","d"]""")).GetString()!, CultureInfo.InvariantCulture);

        Assert.Equal((4096u, 4104u), ((uint)(addresses >> 32), (uint)addresses));
    }

    [Fact]
    public async Task Invoke_AStringThatIsKept_IsTheNextCallsBytes()
    {
        using var keep = await api.InvokeAsync(Plugin, "keep", """{"args":["first"]}""");
        await api.ResultAsync(Plugin, "clone", """["other"]""");

        Assert.Equal("other", Encoding.UTF8.GetString((await api.ResultAsync(Plugin, "kept", "[]")).GetBytesFromBase64()));
    }

    [Fact]
    public async Task Invoke_AStringThatIsCloned_StaysWhatItWas()
    {
        var index = (await api.ResultAsync(Plugin, "clone", """["mine"]""")).GetInt32() - 1;
        await api.ResultAsync(Plugin, "length", """["overwritten"]""");

        Assert.Equal("mine", (await api.ResultAsync(Plugin, "cloned", $"[{index}]")).GetString());
    }

    [Fact]
    public async Task Invoke_AStringWhileGarbageIsCollected_StaysWhatItIs()
    {
        var text = new string([.. Enumerable.Range(0, 2_000).Select(i => (char)('a' + (i % 26)))]);

        Assert.Equal(text, (await api.ResultAsync(Plugin, "churn", $"[\"{text}\"]")).GetString());
    }

    [Fact]
    public async Task Invoke_ASliceBeyondTheString_IsGosOwnPanic()
    {
        Assert.Equal("bc", (await api.ResultAsync(Plugin, "slice", """["abcd",1,3]""")).GetString());
        using var answer = await api.InvokeAsync(Plugin, "slice", """{"args":["abcd",1,5000]}""");

        var problem = await ProblemAssert.IsAsync(answer, 422, "trap");
        Assert.Contains("slice bounds out of range", problem.GetProperty("panic").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handle_BytesThatThePluginChanges_ComeBackWithTheDeclaredType()
    {
        using var answer = await api.HandleAsync(Plugin, "upper", [.. "<b>hello</b>"u8, 0xFF, 0x00], "application/x-anything");

        Assert.Equal((byte[])[.. "<B>HELLO</B>"u8, 0xFF, 0x00], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.NotEmpty(answer.Headers.GetValues("PluginHost-Version"));
    }

    [Theory]
    [InlineData("keep", "text/plain", "some text", 204, "")]
    [InlineData("kept", "text/plain", "", 200, "")]
    [InlineData("echo", "application/json", """ {"size":3} """, 200, """ {"size":3} """)]
    public async Task Handle_OtherShapes_AnswerAsDeclared(string export, string type, string body, int status, string expected)
    {
        if (export == "kept")
            using (await api.InvokeAsync(Plugin, "keep", """{"args":[""]}""")) { }

        using var answer = await api.HandleAsync(Plugin, export, Encoding.UTF8.GetBytes(body), type);

        Assert.Equal((status, expected), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("echo", "text/plain", "{}", 415, "unsupported-media-type")]
    [InlineData("echo", "application/json", "{", 400, "malformed-json")]
    [InlineData("echo", "application/json", "", 400, "malformed-json")]
    [InlineData("kept", "text/plain", "x", 400, "wrong-arity")]
    [InlineData("subtract", "application/json", "[1,2]", 422, "unsupported-signature")]
    [InlineData("pluginhost_secret", "text/plain", "", 404, "export-not-found")]
    public async Task Handle_WhatDoesNotFit_IsRefusedBeforeThePlugin(string export, string type, string body, int status, string code)
    {
        using var answer = await api.HandleAsync(Plugin, export, Encoding.UTF8.GetBytes(body), type);

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Theory]
    [InlineData(8_192, 200)]
    [InlineData(8_193, 413)]
    public async Task Handle_MoreThanTheFreePlaceOfAPluginWithoutBuffer_SaysWhatToDo(int size, int status)
    {
        using var answer = await api.HandleAsync(Plugin, "upper", Encoding.ASCII.GetBytes(new string('x', size)));

        if (status == 200)
        {
            Assert.Equal(new string('X', size), await answer.Content.ReadAsStringAsync());
            return;
        }

        var problem = await ProblemAssert.IsAsync(answer, status, "argument-too-large");
        Assert.Contains("//go:wasmexport pluginhost_buffer", problem.GetProperty("hint").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xFFFF_FFFF_0000_0001UL)]
    [InlineData(0xFFFF_FFFF_7FFF_FFFFUL)]
    [InlineData(0x0000_1000_7FFF_FFFFUL)]
    [InlineData(0x0FFF_FFFF_0000_0000UL)]
    [InlineData(0xFFFF_FFFF_8000_0001UL)]
    public async Task Invoke_AResultBeyondTheMemory_IsAnInvalidResultAndTheInstanceGoes(ulong bits)
    {
        using var answer = await api.InvokeAsync(Plugin, "lie", $"{{\"args\":[\"{bits}\"]}}");

        var problem = await ProblemAssert.IsAsync(answer, 422, "invalid-result");
        Assert.Equal("discarded", problem.GetProperty("instance").GetString());
        Assert.Equal(1, (await api.ResultAsync(Plugin, "length", """["x"]""")).GetInt32());
    }

    [Fact]
    public async Task Invoke_AResultAboveTheLimit_IsAnInvalidResultAndTheInstanceStays()
    {
        await api.ResultAsync(Plugin, "clone", """["here"]""");
        using var answer = await api.InvokeAsync(Plugin, "repeat", """{"args":["0123456789abcdef",65537]}""");

        var problem = await ProblemAssert.IsAsync(answer, 422, "invalid-result");
        Assert.Equal("kept", problem.GetProperty("instance").GetString());
        Assert.Equal("here", (await api.ResultAsync(Plugin, "cloned", "[0]")).GetString()![..4]);
    }

    [Fact]
    public async Task Invoke_AnErrorOfThePlugin_IsAProblemWithItsWordsAndTheInstanceStays()
    {
        await api.ResultAsync(Plugin, "clone", """["still here"]""");
        using var answer = await api.InvokeAsync(Plugin, "fail", """{"args":["{\"message\":\"no such item\",\"code\":\"unknown-item\",\"details\":{\"item\":7}}"]}""");

        var problem = await ProblemAssert.IsAsync(answer, 422, "plugin-error");
        Assert.Equal("no such item", problem.GetProperty("detail").GetString());
        Assert.Equal("unknown-item", problem.GetProperty("pluginCode").GetString());
        Assert.Equal("""{"item":7}""", problem.GetProperty("pluginDetails").GetRawText());
        Assert.Equal("kept", problem.GetProperty("instance").GetString());
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("{}")]
    [InlineData("""{"message":1}""")]
    [InlineData("""{"message":"m","code":"No Code"}""")]
    [InlineData("""{"message":"m"}{}""")]
    [InlineData("""{"message":"\ud800"}""")]
    [InlineData("""{"message":"m","details":"\ud800"}""")]
    public async Task Invoke_AnErrorThatIsNone_IsAnInvalidResult(string error)
    {
        using var answer = await api.InvokeAsync(Plugin, "fail", $"{{\"args\":[{JsonSerializer.Serialize(error)}]}}");

        await ProblemAssert.IsAsync(answer, 422, "invalid-result");
    }

    [Fact]
    public async Task Batch_WithStrings_GivesEachItsOwn()
    {
        using var content = new StringContent("""{"calls":[["ab",2],["c",3],["",1]]}""", Encoding.UTF8, "application/json");
        using var answer = await api.Client.PostAsync(new Uri($"/v1/plugins/{Plugin}/exports/repeat/batch", UriKind.Relative), content);

        Assert.Equal("""{"results":[{"results":["abab"]},{"results":["ccc"]},{"results":[""]}]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Invoke_ByManyAtOnce_GivesEachItsOwnBytes()
    {
        using var upload = await api.UploadAsync("many", GuestUpload.Guest("bytes"), GuestUpload.BytesManifest);

        var wrong = 0;
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellation) =>
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{number}-{new string('x', number)}");
            var expected = text.Replace('x', 'X');
            using var answer = await api.HandleAsync("many", "upper", Encoding.ASCII.GetBytes(text));

            if (answer.StatusCode != HttpStatusCode.OK || await answer.Content.ReadAsStringAsync(cancellation) != expected)
                Interlocked.Increment(ref wrong);
        });

        Assert.Equal(0, wrong);
    }
}
