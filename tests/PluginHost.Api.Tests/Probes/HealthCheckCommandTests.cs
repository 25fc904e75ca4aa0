using PluginHost.Api.Probes;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests.Probes;

public sealed class HealthCheckCommandTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    public void Reachable_EveryInterface_BecomesOneThatCanBeCalled(string address, string expected)
    {
        Assert.Equal(expected, HealthCheckCommand.Reachable(address).ToString());
    }

    [Fact]
    public async Task Run_ServerIsThere_IsHealthy()
    {
        Assert.Equal(0, await HealthCheckCommand.RunAsync([api.Client.BaseAddress!.ToString()], TextWriter.Null));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("nonsense")]
    public async Task Run_NoServer_IsUnhealthyAndSaysWhy(string address)
    {
        using var errors = new StringWriter();

        Assert.Equal(1, await HealthCheckCommand.RunAsync([address], errors));
        Assert.NotEmpty(errors.ToString());
    }
}
