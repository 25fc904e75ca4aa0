using System.Net.Http.Headers;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Completion;

[Collection(SampleCollection.Name)]
public sealed class CompletionTests(SampleFixture samples) : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pluginhost in", "invoke")]
    [InlineData("pluginhost invoke ca", "calc")]
    [InlineData("pluginhost invoke calc roundTo", "roundToEven")]
    [InlineData("pluginhost logs --foll", "--follow")]
    [InlineData("pluginhost new x --template byt", "bytes")]
    [InlineData("pluginhost invoke nothere x", "")]
    public async Task Bash_PartOfAWord_IsCompleted(string line, string expected)
    {
        var word = line.Split(' ')[^1];
        var position = line.Count(character => character == ' ');
        var run = await samples.Tool.ShellAsync(
            _folder.Path,
            $"""
            eval "$(pluginhost completion bash)"
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({line}) COMP_CWORD={position}
            _pluginhost_complete pluginhost '{word}'
            echo "${"{COMPREPLY[*]}"}"
            """,
            "bash");

        Assert.Equal((0, expected), (run.ExitCode, run.OutputText.Trim()));
    }

    [Fact]
    public async Task Suggestions_ExportThatAShellWouldRun_IsNotProposed()
    {
        var module = new ModuleBuilder().Memory().Function("_initialize", [], []).Function("$(touch owned)", [], []).Function("harmless", [], []).ToArray();
        using var client = new HttpClient { BaseAddress = new Uri(samples.Tool.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ToolFixture.Key);
        using var content = new ByteArrayContent(module);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");
        using var answer = await client.PostAsync(new Uri("/v1/plugins/hostile/versions", UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        var run = await samples.RunAsync("[suggest:26]", "pluginhost invoke hostile ");

        Assert.Contains("harmless", run.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("touch", run.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Script_OtherShells_AskTheToolItself(string shell)
    {
        var run = await Tool.RunAsync(["completion", shell]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[suggest:", run.OutputText, StringComparison.Ordinal);
    }
}
