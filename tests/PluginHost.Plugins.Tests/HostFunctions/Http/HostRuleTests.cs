using PluginHost.Plugins.HostFunctions.Http;

namespace PluginHost.Plugins.Tests.HostFunctions.Http;

public sealed class HostRuleTests
{
    [Theory]
    [InlineData("a.example", "https://a.example/")]
    [InlineData("a.example", "http://A.EXAMPLE/")]
    [InlineData("a.example", "https://a.example:443/")]
    [InlineData("a.example", "https://a.example./")]
    [InlineData("a.example:8080", "https://a.example:8080/")]
    [InlineData("a.example:*", "https://a.example:8080/")]
    [InlineData("a.example:*", "https://a.example/")]
    [InlineData("*.example", "https://a.example/")]
    [InlineData("*.example", "https://b.a.example/")]
    [InlineData("xn--bcher-kva.example", "https://bücher.example/")]
    [InlineData("10.0.0.1", "http://10.0.0.1/")]
    [InlineData("10.0.0.1", "http://0x0a.1/")]
    [InlineData("[::1]:81", "http://[0:0::1]:81/")]
    public void Allows_UrlOfTheHost_IsTrue(string entry, string url) => Assert.True(new HostRule(entry).Allows(new Uri(url)));

    [Theory]
    [InlineData("a.example", "https://b.example/")]
    [InlineData("a.example", "https://a.example.evil/")]
    [InlineData("a.example", "https://evila.example/")]
    [InlineData("a.example", "https://b.a.example/")]
    [InlineData("a.example", "https://a.example:8443/")]
    [InlineData("a.example", "http://a.example:443/")]
    [InlineData("a.example:8080", "https://a.example/")]
    [InlineData("*.example", "https://example/")]
    [InlineData("*.example", "https://evilexample/")]
    [InlineData("*.example", "https://a.example.evil/")]
    [InlineData("*.0.0.1", "http://127.0.0.1/")]
    [InlineData("a.example", "https://a.example@evil.example/")]
    [InlineData("a.example", "https://evil.example/a.example")]
    [InlineData("a.example", "https://evil.example#a.example")]
    [InlineData("10.0.0.1", "http://10.0.0.10/")]
    public void Allows_UrlOfAnother_IsFalse(string entry, string url) => Assert.False(new HostRule(entry).Allows(new Uri(url)));
}
