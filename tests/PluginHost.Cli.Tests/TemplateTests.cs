using System.Text.Json;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests;

public sealed class TemplateTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [GoTheory]
    [InlineData("scalar", "exports", "square")]
    [InlineData("json", "handlers", "greet")]
    [InlineData("bytes", "handlers", "upper")]
    public async Task Template_WithoutNetwork_BuildsAModuleAndItsManifest(string template, string list, string function)
    {
        var offline = new Dictionary<string, string>(StringComparer.Ordinal) { ["GOPROXY"] = "off", ["GOFLAGS"] = "-mod=mod" };
        var made = await Tool.RunAsync(["new", "made", "--template", template], folder: _folder.Path);
        var built = await Tool.RunAsync(["build", "made", "--json"], offline, _folder.Path);
        var project = Path.Combine(_folder.Path, "made");

        Assert.Equal(0, made.ExitCode);
        Assert.True(built.ExitCode == 0, built.ErrorText);
        Assert.True(File.ReadLines(Path.Combine(project, "main.go")).Count() < 30);
        using var said = JsonDocument.Parse(built.OutputText);
        Assert.Equal(new FileInfo(Path.Combine(project, "made.wasm")).Length, said.RootElement.GetProperty("size").GetInt64());
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(project, "plugin.json")));
        Assert.Equal("made", manifest.RootElement.GetProperty("name").GetString());
        Assert.Equal(function, manifest.RootElement.GetProperty(list)[0].GetProperty("name").GetString());
    }

    [GoFact]
    public async Task Build_NoManifest_LeavesTheUsersOwnAlone()
    {
        await Tool.RunAsync(["new", "own", "--template", "scalar"], folder: _folder.Path);
        var manifest = Path.Combine(_folder.Path, "own", "plugin.json");
        await File.WriteAllTextAsync(manifest, "mine");
        var built = await Tool.RunAsync(["build", "own", "--no-manifest"], folder: _folder.Path);

        Assert.Equal(0, built.ExitCode);
        Assert.Equal("mine", await File.ReadAllTextAsync(manifest));
    }
}
