using System.Globalization;

namespace PluginHost.Cli.Tests.Support;

/// <summary>A server process of its own, and the tool as it was built beside the tests.</summary>
public sealed class ToolFixture : IAsyncLifetime, IDisposable
{
    public const string Key = "a-key-that-nobody-sees";

    private readonly TemporaryDirectory _data = new();
    private ServerProcess? _server;

    public string Url { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");

    public async Task InitializeAsync()
    {
        _server = ServerProcess.Start(["--urls", Url, "--PluginHost:DataDirectory", _data.Path], ("PluginHost__ApiKey", Key));
        using var client = new HttpClient { BaseAddress = new Uri(Url) };
        await _server.WaitUntilReadyAsync(client);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _server?.Dispose();
        _data.Dispose();
    }

    /// <summary>Runs the tool against the server, in a folder.</summary>
    internal Task<RunResult> RunAsync(string folder, params string[] arguments) => Tool.RunAsync(arguments, Environment, folder);

    /// <summary>The same with a line for a POSIX shell, which finds the tool as <c>pluginhost</c>.</summary>
    internal Task<RunResult> ShellAsync(string folder, string line, string shell = "sh") => Tool.ShellAsync(shell, line, Environment, folder);

    internal Dictionary<string, string> Environment => new(StringComparer.Ordinal) { ["PLUGINHOST_URL"] = Url, ["PLUGINHOST_API_KEY"] = Key };
}
