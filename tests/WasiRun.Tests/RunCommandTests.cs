using System.Text;
using PluginHost.WasiRun.Tests.Support;

namespace PluginHost.WasiRun.Tests;

/// <summary>The tool as a process, running a command that Go's own toolchain made.</summary>
public sealed class RunCommandTests : IDisposable
{
    private static readonly string s_command = Path.Combine(Repository.Root, "tests", "WasiRun.Tests", "Guests", "command", "command.wasm");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [EngineData(0)]
    [EngineData(1)]
    [EngineData(77)]
    [EngineData(255)]
    public async Task Exit_AnyCode_IsTheGuests(string engine, int code)
    {
        var run = await WasiRunProcess.RunAsync(["--engine", engine, s_command, "exit", $"{code}"]);

        Assert.Equal((code, "", ""), (run.ExitCode, run.OutputText, run.ErrorText));
    }

    [Fact]
    public async Task Start_Returns_IsExitCodeZero()
    {
        var run = await WasiRunProcess.RunAsync([s_command]);

        Assert.Equal((0, "", ""), (run.ExitCode, run.OutputText, run.ErrorText));
    }

    [Fact]
    public async Task Arguments_BehindTheFile_AreTheGuestsAsTheyStand()
    {
        string[] own = ["--dir", "--help", "--", "--env", "A=b c", "@file", "-xy", "", "ü"];

        var run = await WasiRunProcess.RunAsync([s_command, "arguments", .. own]);

        Assert.Equal(["arguments", .. own], run.OutputText.Split('\n'));
    }

    [Fact]
    public async Task Environment_IsWhatWasNamedAndNothingElse()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GIVEN"] = "by the host", ["HIDDEN"] = "secret" };

        var run = await WasiRunProcess.RunAsync(["--env", "ONE=1=2", "--env=EMPTY=", "--env", "GIVEN", "--env", "NOT_SET", s_command, "environment"], environment: environment);

        Assert.Equal(["ONE=1=2", "EMPTY=", "GIVEN=by the host"], run.OutputText.Split('\n'));
    }

    [Fact]
    public async Task Streams_AnyBytes_PassUnchanged()
    {
        var input = new byte[1_000_000];
        new Random(1).NextBytes(input);

        var run = await WasiRunProcess.RunAsync([s_command, "echo"], input);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(input, run.Output);
        Assert.Equal(input, run.Error);
    }

    [Fact]
    public async Task Output_NobodyReadsAnyMore_IsABrokenPipeToTheGuest()
    {
        if (OperatingSystem.IsWindows())
            return;

        var run = await ChildProcess.RunAsync("sh", ["-c", "{ dotnet \"$0\" \"$1\" flood; echo $? >&2; } | head -c 1", Path.Combine(AppContext.BaseDirectory, "WasiRun.dll"), s_command]);

        Assert.Equal("write /dev/stdout: Broken pipe3\n", run.ErrorText);
    }

    [Fact]
    public async Task Output_IntoAFileThatOthersWriteToo_IsAppended()
    {
        if (OperatingSystem.IsWindows())
            return;

        var file = Path.Combine(_directory.Path, "out");
        await ChildProcess.RunAsync("sh", ["-c", "{ echo before; dotnet \"$0\" \"$1\" arguments; echo; echo behind; } > \"$2\"", Path.Combine(AppContext.BaseDirectory, "WasiRun.dll"), s_command, file]);

        Assert.Equal("before\narguments\nbehind\n", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Directory_UnderAnotherName_IsReadAndWritten()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "here"), "content");

        var read = await WasiRunProcess.RunAsync(["--dir", $"{_directory.Path}::/there", s_command, "copy", "/there/here"]);
        var written = await WasiRunProcess.RunAsync(["--dir", $"{_directory.Path}::/there", s_command, "write", "/there/new", "text"]);

        Assert.Equal((0, "content"), (read.ExitCode, read.OutputText));
        Assert.Equal((0, "text"), (written.ExitCode, await File.ReadAllTextAsync(Path.Combine(_directory.Path, "new"))));
    }

    [Fact]
    public async Task Directory_OneNameOnly_IsTheSameForBoth()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "content");

        var run = await WasiRunProcess.RunAsync(["--dir", _directory.Path, s_command, "copy", file]);

        Assert.Equal((0, "content"), (run.ExitCode, run.OutputText));
    }

    [Fact]
    public async Task Directory_NotNamed_IsNotThere()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "content");

        var run = await WasiRunProcess.RunAsync([s_command, "copy", file]);

        Assert.Equal((1, ""), (run.ExitCode, run.OutputText));
    }

    [Fact]
    public async Task Panic_EndsWithGosOwnCode()
    {
        var run = await WasiRunProcess.RunAsync([s_command, "panic", "boom"]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("panic: boom\n", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [EngineData]
    public async Task Trap_ShowsItsKindAndTheStackAndHasACodeOfItsOwn(string engine)
    {
        var run = await WasiRunProcess.RunAsync(["--engine", engine, "--env", "GOTRACEBACK=crash", s_command, "panic", "boom"]);

        Assert.Equal(134, run.ExitCode);
        Assert.StartsWith("panic: boom\n", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("WasiRun: trap Unreachable: unreachable\n    at runtime.abort\n", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("    at main.main\n", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FILE", new string[0])]
    [InlineData("nonsense", new[] { "--engine", "nonsense", "x.wasm" })]
    [InlineData("relative", new[] { "--dir", "/::relative", "x.wasm" })]
    [InlineData("=A", new[] { "--env", "=A", "x.wasm" })]
    [InlineData("--unknown", new[] { "--unknown", "x.wasm" })]
    [InlineData("/no/such/file", new[] { "/no/such/file" })]
    public async Task Run_NotPossible_IsACodeOfItsOwnAndAReason(string reason, string[] arguments)
    {
        var run = await WasiRunProcess.RunAsync(arguments);

        Assert.Equal((125, ""), (run.ExitCode, run.OutputText));
        Assert.Contains(reason, run.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfNoCommand_SaysWhatIsMissing()
    {
        var text = Path.Combine(_directory.Path, "text");
        await File.WriteAllBytesAsync(text, Encoding.UTF8.GetBytes("no module"));

        var reactor = await WasiRunProcess.RunAsync([Repository.SamplePath("calc")]);
        var other = await WasiRunProcess.RunAsync([text]);

        Assert.Equal((125, 125), (reactor.ExitCode, other.ExitCode));
        Assert.Contains("_start", reactor.ErrorText, StringComparison.Ordinal);
        Assert.Contains("magic", other.ErrorText, StringComparison.Ordinal);
    }
}
