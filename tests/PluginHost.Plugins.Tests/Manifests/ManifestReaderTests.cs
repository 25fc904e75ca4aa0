using System.Text;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Plugins.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Read_EverythingThereIs_GivesItAll()
    {
        var manifest = Read(
            """
            {"manifest":1,"name":"greeter","doc":"Doc.","exports":[{"name":"greet","doc":"greet greets.","parameters":[{"name":"name","type":"string"},{"name":"body","type":"bytes","contentType":"image/png"},
              {"name":"value","type":"json","schema":{"type":"object","properties":{"$ref":{"type":"string"},"next":{"$ref":"#"}}}}],"result":{"type":"u64"}}],
             "handlers":[{"name":"price","input":{"type":"json","schema":true},"output":{"type":"bytes","contentType":"text/html"}}],"requires":["log"]}
            """);

        Assert.True(manifest.Succeeded, manifest.Failure?.Detail);
        Assert.Equal([DeclaredType.String, DeclaredType.Bytes, DeclaredType.Json], manifest.Value.Exports![0].Parameters!.Select(parameter => parameter.Type));
        Assert.Equal("text/html", manifest.Value.Handlers![0].Output.ContentType);
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("null", "not null")]
    [InlineData("[]", "cannot be read")]
    [InlineData("""{"manifest":1}""", "cannot be read")]
    [InlineData("""{"manifest":2,"name":"x"}""", "version 2")]
    [InlineData("""{"manifest":1,"name":""}""", "1 to 1024")]
    [InlineData("""{"manifest":1,"name":null}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","name":"y"}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","other":1}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","exports":[null]}""", "not null")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a"},{"name":"a"}]}""", "twice")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a"}],"handlers":[{"name":"a","input":{"type":"json"},"output":{"type":"json"}}]}""", "twice")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","parameters":[{"name":"p","type":"int"}]}]}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","parameters":[{"name":"p","type":"I32"}]}]}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","parameters":[{"name":"p","type":1}]}]}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","parameters":[{"name":"p"}]}]}""", "cannot be read")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","parameters":[{"name":"p","type":"i32"},{"name":"p","type":"i32"}]}]}""", "two parameters named 'p'")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","parameters":[{"name":"","type":"i32"}]}]}""", "without a name")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"string","contentType":"text/html"}}]}""", "content type")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"bytes","contentType":"text/html\r\nX-Evil: 1"}}]}""", "content type")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"bytes","contentType":"Ünicode/x"}}]}""", "content type")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"i32","schema":{}}}]}""", "schema")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"json","schema":[]}}]}""", "schema")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"json","schema":{"$ref":"http://example.org/x"}}}]}""", "$ref")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"json","schema":{"$id":"x"}}}]}""", "$id")]
    [InlineData("""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"json","schema":{"title":"\ud800"}}}]}""", "Unicode")]
    [InlineData("""{"manifest":1,"name":"x","handlers":[{"name":"a","input":{"type":"string"},"output":{"type":"json"}}]}""", "json or bytes")]
    [InlineData("""{"manifest":1,"name":"x","requires":[""]}""", "requires")]
    public void Read_AnythingElse_IsRefused(string json, string detail)
    {
        var manifest = Read(json);

        Assert.Equal(FailureCode.InvalidManifest, manifest.Failure?.Code);
        Assert.Contains(detail, manifest.Failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooLargeTooDeepOrNotText_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"not\":", 100)) + "true" + new string('}', 100);

        Assert.Contains("larger", Read(new string(' ', ManifestReader.MaximumBytes + 1)).Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Read($$$"""{"manifest":1,"name":"x","exports":[{"name":"a","result":{"type":"json","schema":{{{deep}}}}}]}""").Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("UTF-8", ManifestReader.Read([(byte)'"', 0xFF, (byte)'"']).Failure!.Detail, StringComparison.Ordinal);
    }

    private static Outcome<PluginManifest> Read(string json) => ManifestReader.Read(Encoding.UTF8.GetBytes(json));
}
