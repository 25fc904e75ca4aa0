using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Tests.Arguments;

public sealed class ArgumentBinderTests
{
    private static readonly TypedName[] s_parameters = [new("name", "string"), new("times", "i32"), new("loud", "bool")];

    [Theory]
    [InlineData(new[] { "Gopher", "3", "true" }, new[] { "Gopher", "3", "true" })]
    [InlineData(new[] { "--name", "Gopher", "--times", "-3", "--loud" }, new[] { "Gopher", "-3", "true" })]
    [InlineData(new[] { "--times=3", "Gopher", "--loud", "false" }, new[] { "Gopher", "3", "false" })]
    [InlineData(new[] { "--loud", "Gopher", "-3" }, new[] { "Gopher", "-3", "true" })]
    [InlineData(new[] { "--NAME=--times", "3", "true" }, new[] { "--times", "3", "true" })]
    [InlineData(new[] { "--name", "--", "--times=3", "--loud=false" }, new[] { "--", "3", "false" })]
    public void Bind_ByNameAndPosition_FindsEachParameter(string[] words, string[] expected) =>
        Assert.Equal(expected, ArgumentBinder.Bind("greet", s_parameters, words, isComplete: true));

    [Theory]
    [InlineData("Gopher")]
    [InlineData("Gopher", "3", "true", "more")]
    [InlineData("--name")]
    [InlineData("--name", "a", "--name", "b")]
    [InlineData("--nickname", "a")]
    public void Bind_TooFewTooManyTwiceOrUnknown_IsWrongUsage(params string[] words)
    {
        var failure = Assert.Throws<ToolException>(() => ArgumentBinder.Bind("greet", s_parameters, words, isComplete: true));

        Assert.Equal(ExitCode.Usage, failure.ExitCode);
    }
}
