using System.Text.Json;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class ServerTests(SampleFixture samples)
{
    [Theory]
    [InlineData("ls")]
    [InlineData("ls", "calc")]
    [InlineData("invoke", "calc", "add", "1", "2")]
    [InlineData("logs", "calc")]
    [InlineData("logs", "calc", "--follow")]
    public async Task Command_NoServerThere_SaysSo(params string[] arguments)
    {
        var url = $"http://127.0.0.1:{LoopbackPort.Free()}";
        var run = await samples.RunAsync([.. arguments, "--server", url]);

        Assert.Equal((3, ""), (run.ExitCode, run.OutputText));
        Assert.Contains(url, run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WrongKey_IsRefusedAndTheKeyIsNotShown()
    {
        const string Wrong = "wrong-key-of-mine";
        var people = await samples.RunAsync("ls", "--key", Wrong);
        var programs = await samples.RunAsync("ls", "--key", Wrong, "--json");

        Assert.Equal((4, 4), (people.ExitCode, programs.ExitCode));
        Assert.Contains("unauthenticated, HTTP 401", people.ErrorText, StringComparison.Ordinal);
        Assert.Contains("\"unauthenticated\"", programs.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, people.ErrorText + people.OutputText + programs.ErrorText + programs.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--key", "a b\n")]
    [InlineData("--server", "10.0.0.9:5080")]
    [InlineData("--server", "ftp://127.0.0.1")]
    [InlineData("--server", "http://me:secret@127.0.0.1")]
    public async Task Command_AddressOrKeyThatCannotBe_IsWrongUsageAndNotRepeated(string option, string value)
    {
        var run = await samples.RunAsync("ls", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain(value.Trim(), run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Plugin_ShowsVersionsAndSignatures()
    {
        var all = await samples.RunAsync("ls");
        var one = await samples.RunAsync("ls", "calc");
        var json = await samples.RunAsync("ls", "calc", "--json");
        using var document = JsonDocument.Parse(json.OutputText);

        Assert.Contains(all.OutputText.Split('\n'), line => line.StartsWith("calc ", StringComparison.Ordinal));
        Assert.Contains("1 live", one.OutputText, StringComparison.Ordinal);
        Assert.Contains("add64(i64, i64) i64", one.OutputText, StringComparison.Ordinal);
        Assert.Equal("calc", document.RootElement.GetProperty("plugin").GetString());
        Assert.DoesNotContain("\u001b", all.OutputText + one.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_TheSameBytes_IsTheSameVersion()
    {
        var run = await samples.RunAsync("push", Path.Combine("plugins", "calc"), "--json");
        using var document = JsonDocument.Parse(run.OutputText);

        Assert.False(document.RootElement.GetProperty("created").GetBoolean());
        Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Push_OtherName_IsAnotherPlugin()
    {
        var pushed = await samples.RunAsync("push", Path.Combine("plugins", "calc"), "--plugin", "other");
        var invoked = await samples.RunAsync("invoke", "other", "add", "20", "22");

        Assert.Equal((0, 0), (pushed.ExitCode, invoked.ExitCode));
        Assert.Equal("42", invoked.OutputText.Trim());
    }

    [Fact]
    public async Task Push_NothingBuilt_SaysWhatToDo()
    {
        using var folder = new TemporaryDirectory();
        await samples.Tool.RunAsync(folder.Path, "new", "unbuilt", "--template", "scalar");
        var run = await samples.Tool.RunAsync(folder.Path, "push", "unbuilt");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("pluginhost build", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_ModuleTheServerCannotRun_IsRefusedWithItsReason()
    {
        using var folder = new TemporaryDirectory();
        await samples.Tool.RunAsync(folder.Path, "new", "broken", "--template", "scalar");
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "broken", "broken.wasm"), "\0asm\u0001\0\0\0\u0063"u8.ToArray());
        var run = await samples.Tool.RunAsync(folder.Path, "push", "broken");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("invalid-module, HTTP 422", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("offset: 0x", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_Follow_ShowsWhatIsPrintedMeanwhileAndEndsByCtrlC()
    {
        using var follower = new LiveTool(samples.Tool.Environment, Repository.Root, "logs", "faults", "--follow");
        await samples.RunAsync("invoke", "faults", "panicError");

        follower.WaitFor("panic: ");

        Assert.Equal(0, await follower.InterruptAsync());
        var kept = await samples.RunAsync("logs", "faults", "--json", "--lines", "1");
        using var line = JsonDocument.Parse(Assert.Single(kept.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("stderr", line.RootElement.GetProperty("stream").GetString());
    }

    [Fact]
    public async Task Logs_NoSuchPlugin_IsRefused()
    {
        var run = await samples.RunAsync("logs", "nobody", "--follow");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("plugin-not-found", run.ErrorText, StringComparison.Ordinal);
    }
}
