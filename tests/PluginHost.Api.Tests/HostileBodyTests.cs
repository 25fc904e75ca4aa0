using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class HostileBodyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Codes = ["malformed-json", "wrong-arity", "argument-type", "argument-out-of-range"];

    [Fact]
    public async Task Invoke_MutatedBodies_AreAnsweredOrRefusedWithADocumentedCode()
    {
        using var upload = await api.UploadAsync("mutated", Repository.Sample("calc"));
        var random = new Random(20261124);
        string[] seeds =
        [
            """{"args":[1,2]}""", """{"args":["0x7f","-12"]}""", """{"args":[1e2,10e-1]}""", """{"args":["\u0031","NaN"]}""",
            """{"args":[{"bits":"0x7fc00001"},-0.0]}""", """{"args":["Infinity",true]}""", """{"args":[[1],{"a":{}}]}""",
        ];
        string[] exports = ["add", "addF32"];

        for (var i = 0; i < 2_000; i++)
        {
            var body = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);

            for (var flips = random.Next(1, 4); flips > 0; flips--)
                body[random.Next(body.Length)] = (byte)random.Next(256);

            using var content = new ByteArrayContent(body, 0, random.Next(4) == 0 ? random.Next(body.Length) : body.Length);
            content.Headers.ContentType = new("application/json");
            using var answer = await api.Client.PostAsync(new Uri($"/v1/plugins/mutated/exports/{exports[i % 2]}/invoke", UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();

            if (answer.StatusCode == HttpStatusCode.OK)
                continue;

            using var problem = JsonDocument.Parse(text);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{Encoding.Latin1.GetString(body)}: {text}");
            Assert.Contains(problem.RootElement.GetProperty("code").GetString(), Codes);
        }
    }

    [Theory]
    [InlineData("""{"args":[""")]
    [InlineData("""{"args":{"bits":""")]
    [InlineData("[")]
    public async Task Invoke_DeepBody_IsRefused(string level)
    {
        using var upload = await api.UploadAsync("mutated", Repository.Sample("calc"));

        using var answer = await api.InvokeAsync("mutated", "add", string.Concat(Enumerable.Repeat(level, 50_000)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Invoke_BodyBeyondTheLimit_Is413()
    {
        using var upload = await api.UploadAsync("mutated", Repository.Sample("calc"));

        using var answer = await api.InvokeAsync("mutated", "add", $"{{\"args\":[1,{new string('1', 2 * 1024 * 1024)}]}}");

        await ProblemAssert.IsAsync(answer, 413, "body-too-large");
    }

    [Fact]
    public async Task Batch_MoreCallsThanAllowed_IsRefused()
    {
        using var upload = await api.UploadAsync("mutated", Repository.Sample("calc"));
        var calls = string.Join(',', Enumerable.Repeat("[1,2]", 1_001));

        using var answer = await api.Client.PostAsync(
            new Uri("/v1/plugins/mutated/exports/add/batch", UriKind.Relative), new StringContent($"{{\"calls\":[{calls}]}}", Encoding.UTF8, "application/json"));

        await ProblemAssert.IsAsync(answer, 400, "batch-too-large");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("99999999999999")]
    public async Task Invoke_DeadlineThatIsNone_IsRefused(string deadline)
    {
        using var upload = await api.UploadAsync("mutated", Repository.Sample("calc"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/plugins/mutated/exports/add/invoke", UriKind.Relative))
        {
            Content = new StringContent("""{"args":[1,2]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("PluginHost-Deadline-Ms", deadline);

        using var answer = await api.Client.SendAsync(request);

        await ProblemAssert.IsAsync(answer, 400, "invalid-deadline");
    }
}
