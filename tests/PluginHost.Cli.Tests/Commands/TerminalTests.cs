using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

/// <summary>What a terminal gets and nothing else does. <c>script</c> (util-linux) runs a command on a terminal of its own.</summary>
[Collection(SampleCollection.Name)]
public sealed class TerminalTests(SampleFixture samples) : IDisposable
{
    private const string Colour = "\u001b[38;";
    private const string Red = "\u001b[1;38;";

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pluginhost ls", false)]
    [InlineData("TERM=xterm-256color script -qec 'pluginhost ls' /dev/null", true)]
    [InlineData("NO_COLOR=1 TERM=xterm-256color script -qec 'pluginhost ls' /dev/null", false)]
    [InlineData("TERM=dumb script -qec 'pluginhost ls' /dev/null", false)]
    [InlineData("GITHUB_ACTIONS=true CI=true pluginhost ls", false)]
    public async Task Output_Colours_AreForTerminalsThatWantThem(string line, bool hasColours)
    {
        var run = await samples.Tool.ShellAsync(_folder.Path, line);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("calc", run.OutputText, StringComparison.Ordinal);
        Assert.Equal(hasColours, run.OutputText.Contains(Colour, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Problem_OnATerminal_HasColours()
    {
        var run = await samples.Tool.ShellAsync(_folder.Path, "TERM=xterm-256color script -qec 'pluginhost invoke calc nothing' /dev/null");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains(Red, run.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_OnATerminal_ShowsProgressOnStandardErrorOnly()
    {
        var folder = Path.Combine(Repository.Root, "plugins", "calc");
        var run = await samples.Tool.ShellAsync(_folder.Path, $"TERM=xterm-256color script -qec 'pluginhost push {folder} > result.txt' /dev/null");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("uploading calc", run.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("uploading", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "result.txt")), StringComparison.Ordinal);
    }
}
