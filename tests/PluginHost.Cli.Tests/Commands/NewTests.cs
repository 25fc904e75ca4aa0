using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

public sealed class NewTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../up")]
    [InlineData("Upper")]
    [InlineData("-flag")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task New_NameThatIsNone_IsWrongUsageAndMakesNothing(string name)
    {
        var run = await Tool.RunAsync(["new", "--", name], folder: _folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task New_FolderIsThere_LeavesItAlone()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "mine"));
        var file = Path.Combine(_folder.Path, "mine", "main.go");
        await File.WriteAllTextAsync(file, "mine");
        var run = await Tool.RunAsync(["new", "mine"], folder: _folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("nwe", "new")]
    [InlineData("invok", "invoke")]
    public async Task Command_Misspelt_IsWrongUsageWithAProposal(string command, string proposal)
    {
        var run = await Tool.RunAsync([command, "x"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(proposal, run.OutputText + run.ErrorText, StringComparison.Ordinal);
    }
}
