using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests;

/// <summary>From nothing to a plugin's first answer, with Go's toolchain and a server, by what the tool itself says.</summary>
public sealed class FirstAnswerTests(ToolFixture tool) : IClassFixture<ToolFixture>, IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [GoTheory]
    [InlineData("json")]
    [InlineData("scalar")]
    [InlineData("bytes")]
    public async Task New_CommandsOfItsReadme_LeadToTheAnswerThatStandsThere(string template)
    {
        var made = await tool.RunAsync(_folder.Path, "new", template, "--template", template);
        Assert.Equal(0, made.ExitCode);
        var project = Path.Combine(_folder.Path, template);
        Assert.True(File.ReadLines(Path.Combine(project, "main.go")).Count() < 30);

        RunResult? last = null;
        var expected = "";

        foreach (var line in ReadmeLines(Path.Combine(project, "README.md")))
        {
            last = await tool.ShellAsync(project, line);
            Assert.True(last.ExitCode == 0, $"{line}: {last.ErrorText}");
            expected = line.Split('#')[1].Trim();
        }

        Assert.Equal(expected, last?.OutputText.Trim());
    }

    [GoFact]
    public async Task Help_EveryExampleInItsOrder_Runs()
    {
        var examples = new List<string>();

        foreach (var command in (string[])["new", "build", "push", "invoke", "logs", "ls", "dev", "run", "keys create", "keys ls", "keys revoke", "audit", "completion"])
        {
            var help = await Tool.RunAsync([.. command.Split(' '), "--help"]);
            var lines = help.OutputText.Split('\n');
            var own = lines.SkipWhile(line => !line.StartsWith("Example", StringComparison.Ordinal)).Skip(1)
                .Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')).ToList();
            Assert.NotEmpty(own);
            examples.AddRange(own);
        }

        foreach (var example in examples)
        {
            var run = await tool.ShellAsync(_folder.Path, example, "bash");

            // timeout says 124 where it had to end something, which is how those examples end.
            Assert.True(run.ExitCode == (example.StartsWith("timeout", StringComparison.Ordinal) ? 124 : 0), $"{example}: {run.ExitCode} {run.ErrorText}");
        }
    }

    private static IEnumerable<string> ReadmeLines(string file) =>
        File.ReadLines(file).SkipWhile(line => line != "```sh").Skip(1).TakeWhile(line => line != "```");
}
