using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class ConfigurationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("{}", """{"limits":{},"pool":{},"environment":{},"directories":[],"grants":{},"config":{},"secrets":{},"labels":{},"circuit":{}}""")]
    [InlineData("""{"limits":{"deadlineMilliseconds":100}}""", """{"limits":{"deadlineMilliseconds":100},"pool":{},"environment":{},"directories":[],"grants":{},"config":{},"secrets":{},"labels":{},"circuit":{}}""")]
    [InlineData("""{"environment":{"A":"1"},"pool":null}""", """{"limits":{},"pool":{},"environment":{"A":"1"},"directories":[],"grants":{},"config":{},"secrets":{},"labels":{},"circuit":{}}""")]
    public async Task Put_PartsLeftOut_AreTheServersDefaults(string configuration, string kept)
    {
        using var put = await PutAsync($"parts-{Guid.NewGuid():n}", configuration);

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Contains($"\"configuration\":{kept}", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "malformed-json")]
    [InlineData("{", "malformed-json")]
    [InlineData("[]", "malformed-json")]
    [InlineData("""{"unknown":1}""", "malformed-json")]
    [InlineData("""{"limits":{"unknown":1}}""", "malformed-json")]
    [InlineData("""{"limits":{},"limits":{}}""", "malformed-json")]
    [InlineData("""{"limits":{"deadlineMilliseconds":1e99}}""", "malformed-json")]
    [InlineData("""{"environment":{"A":"\ud800"}}""", "malformed-json")]
    [InlineData("null", "invalid-configuration")]
    [InlineData("""{"environment":{"A":null}}""", "invalid-configuration")]
    [InlineData("""{"directories":[null]}""", "invalid-configuration")]
    [InlineData("""{"directories":[{"host":"/etc","guest":"/"}]}""", "invalid-configuration")]
    [InlineData("""{"limits":{"memoryBytes":-1}}""", "invalid-configuration")]
    public async Task Put_WrongConfiguration_IsRefused(string configuration, string code)
    {
        using var put = await PutAsync("wrong", configuration);

        await ProblemAssert.IsAsync(put, 400, code);
    }

    [Fact]
    public async Task Put_ConfigurationDeeperThanAnyIs_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"limits":""", 50_000)) + new string('}', 50_000);

        using var put = await PutAsync("deep", deep);

        await ProblemAssert.IsAsync(put, 400, "malformed-json");
    }

    [Fact]
    public void Shutdown_LongDrain_IsNotCutShort()
    {
        using var patient = ApiFixture.With(("PluginHost:Limits:DrainMilliseconds", "60000"));

        var host = patient.Services.GetRequiredService<IOptions<HostOptions>>().Value;

        Assert.True(host.ShutdownTimeout > TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Put_LargerThanAnyConfiguration_Is413()
    {
        using var put = await PutAsync("large", "{\"environment\":{\"A\":\"" + new string('a', 2 * 1024 * 1024) + "\"}}");

        await ProblemAssert.IsAsync(put, 413, "body-too-large");
    }

    [Fact]
    public async Task Put_RevisionOfAnother_IsPreconditionFailed()
    {
        using var created = await PutAsync("revised", "{}");
        using var replaced = await PutAsync("revised", "{}", ("If-Match", created.Headers.ETag!.Tag));

        using var stale = await PutAsync("revised", "{}", ("If-Match", created.Headers.ETag.Tag));
        using var exists = await PutAsync("revised", "{}", ("If-None-Match", "*"));
        using var nonsense = await PutAsync("revised", "{}", ("If-Match", "\"abc\""));

        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        await ProblemAssert.IsAsync(stale, 412, "precondition-failed");
        await ProblemAssert.IsAsync(exists, 412, "precondition-failed");
        await ProblemAssert.IsAsync(nonsense, 412, "precondition-failed");
    }

    [Fact]
    public async Task List_Pages_HaveEveryPluginOnceInOrder()
    {
        using var own = ApiFixture.With();

        for (var i = 0; i < 5; i++)
            (await own.Client.PutAsync(new Uri($"/v1/plugins/p{i}", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"))).Dispose();

        var names = new List<string?>();
        string? token = null;

        do
        {
            using var page = System.Text.Json.JsonDocument.Parse(await own.Client.GetStringAsync(new Uri($"/v1/plugins?pageSize=2&pageToken={token}", UriKind.Relative)));
            names.AddRange(page.RootElement.EnumerateObject().First(member => member.Value.ValueKind == System.Text.Json.JsonValueKind.Array).Value.EnumerateArray().Select(plugin => plugin.GetProperty("name").GetString()));
            token = page.RootElement.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], names);
    }

    private async Task<HttpResponseMessage> PutAsync(string plugin, string configuration, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/v1/plugins/{plugin}", UriKind.Relative)) { Content = new StringContent(configuration, Encoding.UTF8, "application/json") };

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await api.Client.SendAsync(request);
    }
}
