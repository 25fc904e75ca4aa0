namespace PluginHost.Plugins.Tests;

public sealed class PluginNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("calc")]
    [InlineData("my-plugin-2")]
    [InlineData("a-")]
    public void IsValid_NameOfTheRule_IsTrue(string name) => Assert.True(PluginName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    public void IsValid_OtherName_IsFalse(string name) => Assert.False(PluginName.IsValid(name));

    [Fact]
    public void IsValid_LongestAndOneMore_IsTrueAndFalse()
    {
        Assert.True(PluginName.IsValid(new string('a', 63)));
        Assert.False(PluginName.IsValid(new string('a', 64)));
    }
}
