using PluginHost.Plugins.Access;

namespace PluginHost.Api.Tests.Security;

public sealed class ScopesTests
{
    [Theory]
    [InlineData(Scope.Read, "read")]
    [InlineData(Scope.Invoke, "invoke")]
    [InlineData(Scope.Deploy, "read deploy")]
    [InlineData(Scope.Admin, "read invoke deploy admin")]
    [InlineData(Scope.Read | Scope.Invoke, "read invoke")]
    [InlineData(Scope.None, "")]
    public void Include_Scopes_AreWhatTheyMayDo(Scope granted, string expected)
    {
        var may = Scopes.Names.Where(name => Scopes.TryParse(name, out var scope) && granted.Include(scope));

        Assert.Equal(expected, string.Join(' ', may));
    }

    [Fact]
    public void Include_NothingIsNeeded_IsNotGranted()
    {
        Assert.False(Scope.Admin.Include(Scope.None));
    }
}
