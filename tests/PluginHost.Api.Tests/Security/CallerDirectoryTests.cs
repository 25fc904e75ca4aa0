using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PluginHost.Api.Security;
using PluginHost.Api.Tests.Support;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests.Security;

public sealed class CallerDirectoryTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("Bearer secret")]
    [InlineData("bearer secret")]
    [InlineData("Bearer  secret ")]
    public void Find_TheConfiguredKey_IsAnAdministrator(string authorization)
    {
        Assert.Equal(Scope.Admin, Directory("secret\n").Find(authorization)!.Scopes);
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
        Assert.Null(Directory("secret").Find(authorization));
    }

    [Fact]
    public void Find_HugeCredential_IsNobody()
    {
        var key = new string('k', 1 << 20);

        Assert.Null(Directory(key).Find($"Bearer {key}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n")]
    public void IsRequired_NoKeyWorthTheName_IsFalse(string? key)
    {
        Assert.False(new ApiKey(key).IsRequired);
    }

    [Theory]
    [InlineData(null, null, true, Scope.Admin)]
    [InlineData(null, null, false, null)]
    [InlineData("secret", null, true, null)]
    [InlineData(null, "false", false, null)]
    [InlineData(null, "true", false, Scope.Admin)]
    [InlineData("secret", "read, invoke", false, Scope.Read | Scope.Invoke)]
    [InlineData(null, "invoke", true, Scope.Invoke)]
    public void Anonymous_Settings_SayWhatItMayDo(string? key, string? anonymous, bool isLocal, Scope? expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["PluginHost:ApiKey"] = key, ["PluginHost:Anonymous"] = anonymous })
            .Build();

        var directory = new CallerDirectory(AccessSettings.Of(configuration, isLocal), new OidcSettings(), api.Services.GetRequiredService<AccessKeys>());

        Assert.Equal(expected, directory.Anonymous?.Scopes);
    }

    private CallerDirectory Directory(string key) => new(new AccessSettings(new ApiKey(key), Scope.None, true), new OidcSettings(), api.Services.GetRequiredService<AccessKeys>());
}
