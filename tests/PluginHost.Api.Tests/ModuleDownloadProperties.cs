using System.Globalization;
using System.Net;
using FsCheck.Xunit;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>Tags and ranges of a module's bytes are those of RFC 9110, whichever a client asks for.</summary>
[Properties(Replay = PropertySeed.Fixed, MaxTest = 300, QuietOnSuccess = true)]
public sealed class ModuleDownloadProperties(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly byte[] Module = new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, 1).Custom([.. Enumerable.Range(0, 5_000).Select(index => (byte)(index * 7))]).ToArray();
    private static readonly Uri Address = new("/v1/plugins/download/versions/1/wasm", UriKind.Relative);

    [Property]
    public async Task Get_AnyTagsInIfNoneMatch_IsNotModifiedExactlyWhenOneMatches(uint[] choices, bool isHead)
    {
        var own = await UploadAsync();
        var tags = choices.Select(choice => (choice % 5) switch { 0 => own, 1 => $"W/{own}", 2 => own.ToUpperInvariant(), 3 => $"\"{choice}\"", _ => "\"\"" }).ToList();

        using var answer = await SendAsync(isHead ? HttpMethod.Head : HttpMethod.Get, ("If-None-Match", string.Join(", ", tags)));

        // Compared weakly (RFC 9110, 13.1.2).
        var isKnown = choices.Any(choice => choice % 5 < 2);
        Assert.Equal(isKnown ? HttpStatusCode.NotModified : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(own, answer.Headers.ETag?.Tag);
        Assert.Equal(isKnown || isHead ? [] : Module, await answer.Content.ReadAsByteArrayAsync());
    }

    [Property]
    public async Task Get_AnyTagsInIfMatch_IsAnsweredExactlyWhenOneMatches(uint[] choices)
    {
        var own = await UploadAsync();
        var tags = choices.Select(choice => (choice % 4) switch { 0 => own, 1 => $"W/{own}", 2 => $"\"{choice}\"", _ => "\"\"" }).ToList();

        using var answer = await SendAsync(HttpMethod.Get, ("If-Match", string.Join(", ", tags)));

        // Compared strongly (RFC 9110, 13.1.1): a weak tag matches nothing. An empty header is none.
        if (choices.Length == 0 || choices.Any(choice => choice % 4 == 0))
            Assert.Equal(Module, await answer.Content.ReadAsByteArrayAsync());
        else
            await ProblemAssert.IsAsync(answer, 412, "precondition-failed");
    }

    [Property]
    public async Task Get_AnyRange_GivesTheseBytesOrRefusesThem(ushort first, ushort length, byte form)
    {
        await UploadAsync();
        var (from, count) = (first % (Module.Length + 50), length % (Module.Length + 50));
        var (range, start, end) = (form % 3) switch
        {
            0 => ($"{from}-{from + count}", from, Math.Min(from + count + 1, Module.Length)),
            1 => ($"{from}-", from, Module.Length),
            _ => ($"-{count}", Math.Max(Module.Length - count, 0), Module.Length),
        };

        using var answer = await SendAsync(HttpMethod.Get, ("Range", $"bytes={range}"));

        if (start >= Module.Length)
        {
            await ProblemAssert.IsAsync(answer, 416, "range-not-satisfiable");
            Assert.Equal($"bytes */{Module.Length}", answer.Content.Headers.ContentRange!.ToString());
            return;
        }

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{Module.Length}"), answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(Module[start..end], await answer.Content.ReadAsByteArrayAsync());
    }

    [Property]
    public async Task Get_AnyRangeHeader_IsNeverABugOfTheServer(string text, ushort[] numbers)
    {
        await UploadAsync();
        var header = new string([.. (text ?? "").Where(character => character is >= ' ' and < (char)127)]);

        foreach (var range in (string[])[header, $"bytes={header}", $"bytes={string.Join(",", numbers.Select((number, index) => index % 2 == 0 ? $"{number}-" : $"-{number}"))}"])
        {
            using var answer = await SendAsync(HttpMethod.Get, ("Range", range));

            Assert.Contains((int)answer.StatusCode, (int[])[200, 206, 400, 416]);
        }
    }

    [Property]
    public async Task Get_RangeIfAnotherTag_GivesTheWhole(ushort first, bool isOwn)
    {
        var own = await UploadAsync();
        var from = first % Module.Length;

        using var answer = await SendAsync(HttpMethod.Get, ("Range", $"bytes={from}-"), ("If-Range", isOwn ? own : $"\"{first}\""));

        Assert.Equal(isOwn ? HttpStatusCode.PartialContent : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(isOwn ? Module[from..] : Module, await answer.Content.ReadAsByteArrayAsync());
    }

    private async Task<string> UploadAsync()
    {
        using var upload = await api.UploadAsync("download", Module);
        return upload.Headers.ETag!.Tag;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Address);

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await api.Client.SendAsync(request);
    }
}
