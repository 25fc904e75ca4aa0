namespace PluginHost.Cli.Tests.Support;

/// <summary>A server with some of the sample plugins.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    internal ToolFixture Tool { get; } = new();

    public async Task InitializeAsync()
    {
        await Tool.InitializeAsync();

        foreach (var name in (string[])["calc", "faults", "greeter", "pricing", "markdown"])
        {
            var pushed = await Tool.RunAsync(Repository.Root, "push", Path.Combine("plugins", name));
            Assert.True(pushed.ExitCode == 0, pushed.ErrorText);
        }
    }

    public Task DisposeAsync()
    {
        Tool.Dispose();
        return Task.CompletedTask;
    }

    internal Task<RunResult> RunAsync(params string[] arguments) => Tool.RunAsync(Repository.Root, arguments);
}
