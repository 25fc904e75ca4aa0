using PluginHost.Api.Security;

namespace PluginHost.Api.Tests.Security;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("Bearer secret")]
    [InlineData("bearer secret")]
    [InlineData("Bearer  secret ")]
    public void Accepts_TheKey_LetsIn(string authorization)
    {
        Assert.True(new ApiKey("secret\n").Accepts(authorization));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer secre")]
    [InlineData("Bearer secrets")]
    [InlineData("Bearer Secret")]
    [InlineData("Basic secret")]
    [InlineData("secret")]
    [InlineData("Bearer secret,Bearer secret")]
    public void Accepts_AnythingElse_DoesNot(string? authorization)
    {
        Assert.False(new ApiKey("secret").Accepts(authorization));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n")]
    public void IsRequired_NoKeyWorthTheName_IsFalse(string? key)
    {
        Assert.False(new ApiKey(key).IsRequired);
    }
}
