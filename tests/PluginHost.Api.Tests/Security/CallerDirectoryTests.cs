using PluginHost.Api.Security;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests.Security;

public sealed class CallerDirectoryTests
{
    [Theory]
    [InlineData("Bearer secret")]
    [InlineData("bearer secret")]
    [InlineData("Bearer  secret ")]
    public void Find_TheConfiguredKey_IsAnAdministrator(string authorization)
    {
        Assert.Equal(Scope.Admin, new CallerDirectory(new ApiKey("secret\n")).Find(authorization)!.Scopes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer secre")]
    [InlineData("Bearer secrets")]
    [InlineData("Bearer Secret")]
    [InlineData("Basic secret")]
    [InlineData("secret")]
    [InlineData("Bearer secret,Bearer secret")]
    [InlineData("Bearer secret\t")]
    [InlineData("Bearer \u00a0secret")]
    [InlineData("Bearer se\u200bcret")]
    [InlineData("Bearer \ud800")]
    public void Find_AnythingElse_IsNobody(string authorization)
    {
        Assert.Null(new CallerDirectory(new ApiKey("secret")).Find(authorization));
    }

    [Fact]
    public void Find_HugeCredential_IsNobody()
    {
        var key = new string('k', 1 << 20);

        Assert.Null(new CallerDirectory(new ApiKey(key)).Find($"Bearer {key}"));
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
