using System.Net;
using System.Text;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

public sealed class TierTests
{
    [Fact]
    public async Task Stats_OfAPluginThatGetsHot_ShowItsCompiledFunctions()
    {
        using var api = ApiFixture.With();
        using var upload = await api.UploadAsync("kernels", Repository.Sample("kernels"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        JsonElement tiers;

        do
        {
            patience.Token.ThrowIfCancellationRequested();
            using var answer = await api.InvokeAsync("kernels", "fib", """{"args":[22]}""");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var stats = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri("/v1/plugins/kernels/stats", UriKind.Relative)));
            tiers = Assert.Single(stats.RootElement.GetProperty("tiers").EnumerateArray()).Clone();
        }
        while (tiers.GetProperty("compiled").GetProperty("functions").GetInt32() == 0);

        Assert.Equal("tiered", tiers.GetProperty("engine").GetString());
        Assert.True(tiers.GetProperty("functions").GetInt32() > tiers.GetProperty("interpreted").GetProperty("functions").GetInt32());
        Assert.True(tiers.GetProperty("compiled").GetProperty("ilBytes").GetInt64() > 0);
        Assert.Equal(0, tiers.GetProperty("faults").GetInt32());
    }

    [Theory]
    [InlineData("tiered", "abacus", "one of: interpreter, tiered, compiled")]
    [InlineData("interpreter", "tiered", "must be interpreter")]
    public async Task Put_EngineThatCannotBeChosen_IsRefused(string server, string engine, string reason)
    {
        using var api = ApiFixture.With(("PluginHost:Engine", server));

        using var put = await api.Client.PutAsync(
            new Uri("/v1/plugins/calc", UriKind.Relative), new StringContent($$"""{"engine":"{{engine}}"}""", Encoding.UTF8, "application/json"));

        Assert.Contains(reason, await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await ProblemAssert.IsAsync(put, 400, "invalid-configuration");
    }
}
