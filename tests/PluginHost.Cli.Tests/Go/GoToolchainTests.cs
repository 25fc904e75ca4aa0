using PluginHost.Cli.Go;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Go;

public sealed class GoToolchainTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("go1.24", true)]
    [InlineData("go1.24.4", true)]
    [InlineData("go1.25rc1", true)]
    [InlineData("go1.30.1-X:something", true)]
    [InlineData("go2.0", true)]
    [InlineData("devel go1.26-0123abcd Mon Jan 2", true)]
    [InlineData("go1.23.12", false)]
    [InlineData("go1.9", false)]
    [InlineData("", false)]
    [InlineData("gopher", false)]
    public void IsNewEnough_Version_TellsWhetherItBuildsReactors(string version, bool expected) => Assert.Equal(expected, GoToolchain.IsNewEnough(version));

    [Fact]
    public async Task Build_OldGo_SaysHowOldAndWhatIsNeeded()
    {
        var go = Path.Combine(_folder.Path, "go");
        await File.WriteAllTextAsync(go, "#!/bin/sh\nprintf 'go1.22.1\\nlinux\\namd64\\n'\n");

        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(go, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await Tool.RunAsync(["new", "old", "--template", "scalar"], folder: _folder.Path);
        var run = await Tool.RunAsync(["build", "old", "--go", go], folder: _folder.Path);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("Go 1.24 or later", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("go1.22.1", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/go")]
    [InlineData("/bin/true")]
    public async Task Build_NoGo_SaysWhatIsNeeded(string go)
    {
        await Tool.RunAsync(["new", "none", "--template", "scalar"], folder: _folder.Path);
        var run = await Tool.RunAsync(["build", "none", "--go", go], folder: _folder.Path);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("Go 1.24 or later", run.ErrorText, StringComparison.Ordinal);
    }

    [GoFact]
    public async Task Build_SourceThatDoesNotCompile_IsThePluginsFailureAndKeepsTheLastModule()
    {
        await Tool.RunAsync(["new", "wrong", "--template", "scalar"], folder: _folder.Path);
        await Tool.RunAsync(["build", "wrong"], folder: _folder.Path);
        var project = Path.Combine(_folder.Path, "wrong");
        await File.AppendAllTextAsync(Path.Combine(project, "main.go"), "func broken( {\n");
        var run = await Tool.RunAsync(["build", "wrong"], folder: _folder.Path);

        Assert.Equal((1, ""), (run.ExitCode, run.OutputText));
        Assert.Contains("main.go:10:14: syntax error", run.ErrorText, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(project, "wrong.wasm")));
        Assert.Empty(Directory.GetFiles(project, "*.tmp"));
    }

    [Theory]
    [InlineData("module greeter", "greeter")]
    [InlineData("// comment\nmodule example.com/a/greeter // why", "greeter")]
    [InlineData("module \"example.com/greeter/v2\"", "greeter")]
    [InlineData("module v2", "v2")]
    [InlineData("module example.com/..", "plugin")]
    public void Open_ModuleLine_NamesTheProject(string text, string name)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "go.mod"), text);

        Assert.Equal(name, PluginProject.Open(_folder.Path).Name);
    }
}
