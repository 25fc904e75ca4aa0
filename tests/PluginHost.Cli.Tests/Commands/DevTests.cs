using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

public sealed class DevTests(ToolFixture tool) : IClassFixture<ToolFixture>, IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [GoFact]
    public async Task Dev_SourceIsChangedBrokenAndMended_ShowsEachResultAndGoesOn()
    {
        Assert.Equal(0, (await tool.RunAsync(_folder.Path, "new", "looped", "--template", "scalar")).ExitCode);
        var source = Path.Combine(_folder.Path, "looped", "main.go");
        var text = await File.ReadAllTextAsync(source);
        using var dev = new LiveTool(tool.Environment, _folder.Path, "dev", "looped", "--invoke", "square --x 12");

        dev.WaitFor("square --x 12: \"144\"");
        dev.WaitFor("waiting for changes");
        await File.WriteAllTextAsync(source, text.Replace("x * x", "x * x * x", StringComparison.Ordinal));
        dev.WaitFor("square --x 12: \"1728\"");
        dev.WaitFor("waiting for changes");
        await File.WriteAllTextAsync(source, text.Replace("x * x", "x * y", StringComparison.Ordinal));
        dev.WaitFor("main.go:9:41: undefined: y");
        dev.WaitFor("waiting for changes");
        await File.WriteAllTextAsync(source, text.Replace("return x * x", "println(\"called\"); return x", StringComparison.Ordinal));
        dev.WaitFor("square --x 12: \"12\"");
        dev.WaitFor("called");

        Assert.Equal(0, await dev.InterruptAsync());
    }

    [Theory]
    [InlineData("main.go", true)]
    [InlineData("go.mod", true)]
    [InlineData("sdk/handlers.go", true)]
    [InlineData("page.html", true)]
    [InlineData("looped.wasm", false)]
    [InlineData("looped.wasm.tmp", false)]
    [InlineData("plugin.json", false)]
    [InlineData(".git/index", false)]
    [InlineData(".main.go.swp", false)]
    [InlineData("main.go~", false)]
    public void SourceWatcher_File_CountsAsSourceOrNot(string path, bool isSource) => Assert.Equal(isSource, Dev.SourceWatcher.IsSource(path));
}
