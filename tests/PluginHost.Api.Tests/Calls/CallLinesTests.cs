using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Calls;

public sealed class CallLinesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Batch_Lines_AreAnsweredInTheirOrderEachByItself()
    {
        var plugin = await api.UploadNewAsync(Repository.Sample("calc"));

        var (answer, lines) = await SendAsync(plugin, "add", "{\"args\":[1,2]}\n\r\n {\"args\":[3,4]}\r\n{\"args\":[1]}\nnonsense\n{\"args\":[5,6]}");

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("PluginHost-Version")));
        Assert.Equal(5, lines.Count);
        Assert.Equal("""{"results":[3]}""", lines[0]);
        Assert.Equal("""{"results":[7]}""", lines[1]);
        Assert.Equal("wrong-arity", Code(lines[2]));
        Assert.Equal("malformed-json", Code(lines[3]));
        Assert.Equal("""{"results":[11]}""", lines[4]);
    }

    [Fact]
    public async Task Batch_MoreLinesThanABatchHas_AreAllAnswered()
    {
        const int Count = 20_000;
        var plugin = await api.UploadNewAsync(Repository.Sample("calc"));
        var body = new StringBuilder();

        for (var i = 0; i < Count; i++)
            body.Append(CultureInfo.InvariantCulture, $"{{\"args\":[{i},1]}}\n");

        var (_, lines) = await SendAsync(plugin, "add", body.ToString());

        Assert.Equal(Enumerable.Range(1, Count).Select(sum => string.Create(CultureInfo.InvariantCulture, $"{{\"results\":[{sum}]}}")), lines);
    }

    [Fact]
    public async Task Batch_ClientWaitsForEachLine_GetsItBeforeItSendsTheNext()
    {
        var plugin = await api.UploadNewAsync(Repository.Sample("counter"));
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/plugins/{plugin}/exports/increment/batch HTTP/1.1\r\nHost: localhost:{api.Client.BaseAddress.Port}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"));

        for (var i = 1; i <= 3; i++)
        {
            await stream.WriteAsync("c\r\n{\"args\":[]}\n\r\n"u8.ToArray());
            var expected = string.Create(CultureInfo.InvariantCulture, $"{{\"results\":[\"{i}\"]}}");
            string? line;

            do
                line = await reader.ReadLineAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
            while (line is not null && line != expected);

            Assert.Equal(expected, line);
        }
    }

    [Fact]
    public async Task Batch_JsonThatWantsLines_IsAnsweredInLines()
    {
        var plugin = await api.UploadNewAsync(Repository.Sample("calc"));

        using var answer = await api.CallAsync(plugin, "add/batch", """{"calls":[[1,2],[3,4]]}""", ("Accept", "application/x-ndjson"));

        Assert.Equal("{\"results\":[3]}\n{\"results\":[7]}\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Batch_LineIsTooLong_IsSaidAndTheServerHoldsNoMore()
    {
        using var small = ApiFixture.With(("PluginHost:Limits:BodyBytes", "1024"));
        using var upload = await small.UploadAsync("calc", Repository.Sample("calc"));
        var spaces = new string(' ', 2_000);

        // It ends, so the next is read; it does not end, so nothing is.
        using var whole = await small.Client.PostAsync(new Uri("/v1/plugins/calc/exports/add/batch", UriKind.Relative), Lines($"{{\"args\":[1,2{spaces}]}}\n{{\"args\":[1,2]}}\n"));
        using var endless = await small.Client.PostAsync(new Uri("/v1/plugins/calc/exports/add/batch", UriKind.Relative), Lines("{\"args\":[1,2]}\n" + new string(' ', 4_000_000)));
        var first = (await whole.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var second = (await endless.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("body-too-large", Code(first[0]));
        Assert.Equal("""{"results":[3]}""", first[^1]);
        Assert.Equal("""{"results":[3]}""", second[0]);
        Assert.Equal("body-too-large", Code(second[^1]));
    }

    [Fact]
    public async Task Batch_GuestTraps_TheNextLineIsAnswered()
    {
        var plugin = await api.UploadNewAsync(CallClient.Fickle);

        var (_, lines) = await SendAsync(plugin, "once", "{\"args\":[]}\n{\"args\":[]}\n{\"args\":[]}\n{\"args\":[]}\n");

        Assert.Equal(["ok", "trap", "ok", "trap"], lines.Select(line => line.Contains("results", StringComparison.Ordinal) ? "ok" : Code(line)));
    }

    [Fact]
    public async Task Batch_LinesWithAnIdempotencyKey_AreRefused()
    {
        var plugin = await api.UploadNewAsync(Repository.Sample("calc"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/plugins/{plugin}/exports/add/batch", UriKind.Relative)) { Content = Lines("{\"args\":[1,2]}\n") };
        request.Headers.Add("Idempotency-Key", "a");

        using var answer = await api.Client.SendAsync(request);

        await ProblemAssert.IsAsync(answer, 400, "idempotency-not-supported");
    }

    private static StringContent Lines(string text) => new(text, Encoding.UTF8, "application/x-ndjson");

    private static string? Code(string line)
    {
        using var problem = JsonDocument.Parse(line);
        return problem.RootElement.GetProperty("code").GetString();
    }

    private async Task<(HttpResponseMessage Answer, IReadOnlyList<string> Lines)> SendAsync(string plugin, string export, string body)
    {
        using var content = Lines(body);
        var answer = await api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/exports/{export}/batch", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (answer, (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
