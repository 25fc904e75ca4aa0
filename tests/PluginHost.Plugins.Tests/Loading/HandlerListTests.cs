using System.Text;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Tests.Loading;

public sealed class HandlerListTests
{
    [Fact]
    public void Read_AList_KeepsItsOrder()
    {
        var handlers = Read("""[{"name":"b","input":"json","output":"bytes"},{"name":"a.b-c_1","input":"bytes","output":"json"}]""");

        Assert.True(handlers.Succeeded, handlers.Failure?.Detail);
        Assert.Equal(["b", "a.b-c_1"], handlers.Value.Select(handler => handler.Name));
        Assert.Equal((DeclaredType.Json, DeclaredType.Bytes), (handlers.Value[0].Declared!.Parameters[0].Type, handlers.Value[0].Declared!.Result!.Type));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""[{"name":"a","input":"json"}]""")]
    [InlineData("""[{"name":"a","input":"json","output":"json","more":1}]""")]
    [InlineData("""[{"name":"a","input":"string","output":"json"}]""")]
    [InlineData("""[{"name":"a","input":"json","output":"json"},{"name":"a","input":"json","output":"json"}]""")]
    [InlineData("""[{"name":"taken","input":"json","output":"json"}]""")]
    [InlineData("""[{"name":"pluginhost_a","input":"json","output":"json"}]""")]
    [InlineData("""[{"name":"a/b","input":"json","output":"json"}]""")]
    [InlineData("""[{"name":"..","input":"json","output":"json"}]""")]
    [InlineData("""[{"name":"","input":"json","output":"json"}]""")]
    public void Read_AnythingElse_IsRefused(string json) => Assert.Equal(FailureCode.InvalidHandlers, Read(json).Failure?.Code);

    [Fact]
    public void Read_MoreThanTheLimitOrALongerName_IsRefused()
    {
        var many = string.Join(',', Enumerable.Range(0, 257).Select(number => $$"""{"name":"h{{number}}","input":"json","output":"json"}"""));

        Assert.False(Read($"[{many}]").Succeeded);
        Assert.False(Read($$"""[{"name":"{{new string('a', 129)}}","input":"json","output":"json"}]""").Succeeded);
    }

    private static Outcome<IReadOnlyList<ExportDescription>> Read(string json) => HandlerList.Read(Encoding.UTF8.GetBytes(json), [new ExportDescription("taken", [], [])]);
}
