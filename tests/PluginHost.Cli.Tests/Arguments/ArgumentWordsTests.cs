using System.Text.Json;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Tests.Arguments;

public sealed class ArgumentWordsTests
{
    private const string Schema = """{"type":"object","properties":{"item":{"type":"string"},"count":{"type":"integer"},"gift":{"type":["boolean","null"]},"tags":{"type":"array"}}}""";

    [Theory]
    [InlineData(new[] { "--item", "007", "--count=2", "--gift" }, """{"item":"007","count":2,"gift":true}""")]
    [InlineData(new[] { "--tags", "[1,2]" }, """{"tags":[1,2]}""")]
    [InlineData(new[] { """{"item":"pen"}""" }, """{"item":"pen"}""")]
    public void TextsOf_FunctionOfAnObject_TakesItsMembersOrItself(string[] words, string expected) =>
        Assert.Equal([expected], ArgumentWords.TextsOf(Price(), words));

    [Theory]
    [InlineData("--colour", "red")]
    [InlineData("--count", "two")]
    [InlineData]
    public void TextsOf_MembersThatCannotBe_AreWrongUsage(params string[] words) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<ToolException>(() => ArgumentWords.TextsOf(Price(), words)).ExitCode);

    [Theory]
    [InlineData("true")]
    [InlineData("""{"type":"string"}""")]
    [InlineData("""{"properties":[]}""")]
    public void Of_SchemaThatNamesNoMembers_HasNone(string text)
    {
        using var schema = JsonDocument.Parse(text);

        Assert.Empty(SchemaProperties.Of(schema.RootElement));
    }

    private static ServerExport Price()
    {
        using var schema = JsonDocument.Parse(Schema);
        return new ServerExport("price", [], [], Declared: new Declaration([new TypedName("input", "json", schema.RootElement.Clone())], new TypedName(null, "json")));
    }
}
