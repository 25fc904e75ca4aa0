using Microsoft.Extensions.Configuration;
using PluginHost.Api.Security;

namespace PluginHost.Api.Tests.Security;

public sealed class ListeningRulesTests
{
    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://192.168.1.1:8080")]
    [InlineData("http://example.org:8080")]
    [InlineData("http://127.0.0.1.example.org:8080")]
    [InlineData("http://unix:/run/pluginhost.sock")]
    public void IsLocal_AddressOthersReach_IsFalse(string address)
    {
        Assert.False(ListeningRules.IsLocal([ListeningRules.DefaultUrl, address], isInContainer: false));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.9.9.9:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("https://LOCALHOST")]
    public void IsLocal_AddressOfThisMachine_IsTrueOutsideAContainer(string address)
    {
        Assert.True(ListeningRules.IsLocal([address], isInContainer: false));
        Assert.False(ListeningRules.IsLocal([address], isInContainer: true));
    }

    [Fact]
    public void Refusal_PortThatIsNone_IsSaid()
    {
        Assert.Contains("port", ListeningRules.Refusal(["http://127.0.0.1:99999"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null, null, ListeningRules.DefaultUrl)]
    [InlineData(null, null, "8080;8081", "8443", "http://*:8080 http://*:8081 https://*:8443")]
    [InlineData(null, "http://a:1; http://b:2", "8080", null, "http://a:1 http://b:2")]
    [InlineData("http://c:3", "http://a:1", "8080", null, "http://c:3")]
    public void Addresses_Settings_CountAsKestrelCountsThem(string? endpoint, string? urls, string? httpPorts, string? httpsPorts, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kestrel:Endpoints:First:Url"] = endpoint,
            ["urls"] = urls,
            ["http_ports"] = httpPorts,
            ["https_ports"] = httpsPorts,
        }).Build();

        var addresses = ListeningRules.Addresses(configuration);

        Assert.Equal(expected, string.Join(' ', addresses));
    }
}
