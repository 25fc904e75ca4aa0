using PluginHost.Cli.Output;

namespace PluginHost.Cli.Tests.Output;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain, é, 世界, 🎈\t.", "plain, é, 世界, 🎈\t.")]
    [InlineData("\u001b[2Jgone", "\\u001B[2Jgone")]
    [InlineData("a\u009bb\u0007", "a\\u009Bb\\u0007")]
    [InlineData("two\r\nlines", "two\\u000D\\u000Alines")]
    [InlineData("abc\u202Etxt.exe", "abc\\u202Etxt.exe")]
    public void Of_ControlCharactersAndDirections_AreWrittenOut(string text, string expected) => Assert.Equal(expected, PrintableText.Of(text));

    [Fact]
    public void Of_KeepsLines_KeepsThemAndNothingElse() => Assert.Equal("a\nb\\u001B", PrintableText.Of("a\nb\u001b", keepsLines: true));
}
