using System.Text;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;

namespace PluginHost.Cli.Tests.Arguments;

public sealed class CallBodyTests
{
    [Theory]
    [InlineData("i32", "12", "12")]
    [InlineData("u64", "18446744073709551615", "18446744073709551615")]
    [InlineData("i64", "0x10", "\"0x10\"")]
    [InlineData("f64", "NaN", "\"NaN\"")]
    [InlineData("f64", "-1.5e3", "-1.5e3")]
    [InlineData("f32", "{\"bits\":\"0x7fc00001\"}", "{\"bits\":\"0x7fc00001\"}")]
    [InlineData("i32", "1,2", "\"1,2\"")]
    [InlineData("i32", "1]", "\"1]\"")]
    [InlineData("i32", "", "\"\"")]
    [InlineData("bool", "true", "true")]
    [InlineData("bool", "yes", "\"yes\"")]
    [InlineData("string", "12", "\"12\"")]
    [InlineData("string", "@name", "\"@name\"")]
    [InlineData("bytes", "hello", "\"aGVsbG8=\"")]
    [InlineData("json", "{\"a\":[1,null]}", "{\"a\":[1,null]}")]
    public void OfArguments_Text_IsTheJsonOfItsType(string type, string text, string expected) =>
        Assert.Equal($$"""{"args":[{{expected}}]}""", Encoding.UTF8.GetString(CallBody.OfArguments([new TypedName("x", type)], [text])));

    [Theory]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("")]
    public void OfArguments_NotJsonWhereItShouldBe_IsWrongUsage(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<ToolException>(() => CallBody.OfArguments([new TypedName("x", "json")], [text])).ExitCode);

    [Theory]
    [InlineData("[1")]
    [InlineData("[1],\"more\":[2]")]
    public void OfJson_WhatIsNoJsonValue_IsWrongUsage(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<ToolException>(() => CallBody.OfJson(text)).ExitCode);
}
