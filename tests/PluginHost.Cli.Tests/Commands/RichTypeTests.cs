using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

/// <summary>Strings, bytes, JSON and handlers, by a server and without one.</summary>
[Collection(SampleCollection.Name)]
public sealed class RichTypeTests(SampleFixture samples) : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("greeter", "greet", "Hello, Gopher! Hello, Gopher!", "--name", "Gopher", "--times", "2")]
    [InlineData("greeter", "greet", "Hello, Gopher! Hello, Gopher!", "--times=2", "Gopher")]
    [InlineData("greeter", "greet", "Hello, 世界 \"x\"!", "世界 \"x\"", "1")]
    [InlineData("greeter", "length", "6", "@hello")]
    [InlineData("greeter", "sum", "294", "abc")]
    [InlineData("greeter", "sum", "0", "")]
    [InlineData("pricing", "price", """{"lines":[{"item":"pen","count":2,"unit":150,"total":300}],"discount":0,"total":300}""", "--lines", """[{"item":"pen","count":2}]""")]
    public async Task Invoke_AndRun_GiveTheSameResult(string plugin, string export, string expected, params string[] arguments)
    {
        var invoked = await samples.RunAsync(["invoke", plugin, export, .. arguments]);
        var ran = await samples.RunAsync(["run", Repository.SamplePath(plugin), export, .. arguments]);

        Assert.Equal((0, expected), (invoked.ExitCode, invoked.OutputText.TrimEnd('\n')));
        Assert.Equal((0, expected), (ran.ExitCode, ran.OutputText.TrimEnd('\n')));
    }

    [Theory]
    [InlineData("greeter", "greet", "Gopher", "many")]
    [InlineData("greeter", "greet", "--nickname", "Gopher")]
    [InlineData("pricing", "price", "{")]
    [InlineData("pricing", "price", "--colour", "red")]
    public async Task Invoke_AndRun_WrongArguments_AreWrongUsage(string plugin, string export, params string[] arguments)
    {
        var invoked = await samples.RunAsync(["invoke", plugin, export, .. arguments]);
        var ran = await samples.RunAsync(["run", Repository.SamplePath(plugin), export, .. arguments]);

        Assert.Equal((2, ""), (invoked.ExitCode, invoked.OutputText));
        Assert.Equal((2, ""), (ran.ExitCode, ran.OutputText));
    }

    [Fact]
    public async Task Invoke_NamedArgumentIsWrong_IsNamedInTheProblem()
    {
        var run = await samples.RunAsync("invoke", "greeter", "greet", "--name", "Gopher", "--times", "many");

        Assert.Contains("argument 2, times i32: many", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_AndRun_PluginsOwnError_IsItsFailureWithItsCode()
    {
        string[] order = ["price", "--lines", """[{"item":"unicorn","count":1}]"""];
        var invoked = await samples.RunAsync(["invoke", "pricing", .. order]);
        var ran = await samples.RunAsync(["run", Repository.SamplePath("pricing"), .. order]);

        Assert.Equal((1, 1), (invoked.ExitCode, ran.ExitCode));
        Assert.Contains("plugin's code: unknown-item", invoked.ErrorText, StringComparison.Ordinal);
        Assert.Contains("plugin's code: unknown-item", ran.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_AndRun_BodyOfAFile_GiveTheSameBodyByteByByte()
    {
        var file = Path.Combine(_folder.Path, "text.md");
        await File.WriteAllTextAsync(file, "# Title\n\nSome *text*, 世界.\n");
        var invoked = await samples.RunAsync("invoke", "markdown", "render", "--body", "@" + file);
        var ran = await samples.RunAsync("run", Repository.SamplePath("markdown"), "render", "--body", "@" + file);

        Assert.Equal((0, 0), (invoked.ExitCode, ran.ExitCode));
        Assert.Contains("<h1", invoked.OutputText, StringComparison.Ordinal);
        Assert.Equal(invoked.Output, ran.Output);
    }

    [Fact]
    public async Task Invoke_BodyForAJsonHandler_IsCheckedAndAnswered()
    {
        var answered = await samples.RunAsync("invoke", "pricing", "price", "--body", """{"lines":[{"item":"pen","count":1}]}""");
        var refused = await samples.RunAsync("invoke", "pricing", "price", "--body", "{");

        Assert.Equal(0, answered.ExitCode);
        Assert.Contains("\"total\":150", answered.OutputText, StringComparison.Ordinal);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("malformed-json, HTTP 400", refused.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PushAndRun_PluginNeedsAGrant_IsRefusedWithoutAndWorksWithTheConfiguration()
    {
        var configuration = Path.Combine(_folder.Path, "configuration.json");
        await File.WriteAllTextAsync(configuration, """{"grants":{"kv":true}}""");
        var project = Path.Combine("plugins", "shortener");
        string[] call = ["shorten", "--url", "https://example.com/"];

        var refused = await samples.RunAsync("push", project);
        var pushed = await samples.RunAsync("push", project, "--config", configuration);
        var invoked = await samples.RunAsync(["invoke", "shortener", .. call]);
        var ran = await samples.RunAsync(["run", Repository.SamplePath("shortener"), .. call, "--config", configuration]);
        var ranWithout = await samples.RunAsync(["run", Repository.SamplePath("shortener"), .. call]);

        Assert.Equal((4, 4), (refused.ExitCode, ranWithout.ExitCode));
        Assert.Contains("missing-grant", refused.ErrorText, StringComparison.Ordinal);
        Assert.True(pushed.ExitCode == 0, pushed.ErrorText);
        Assert.Equal((0, 0), (invoked.ExitCode, ran.ExitCode));
        Assert.Contains("https://example.com/", invoked.OutputText, StringComparison.Ordinal);
        Assert.Equal(invoked.OutputText, ran.OutputText);
    }

    [Fact]
    public async Task List_PluginWithAManifest_ShowsNamesTypesAndComments()
    {
        var run = await samples.RunAsync("ls", "greeter");

        Assert.Contains("greet(name string, times i32) string", run.OutputText, StringComparison.Ordinal);
        Assert.Contains("Greet greets a name", run.OutputText, StringComparison.Ordinal);
    }
}
