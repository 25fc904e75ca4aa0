using System.Text.Json;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class InvokeTests(SampleFixture samples)
{
    [Theory]
    [InlineData("add", "3", "1", "2")]
    [InlineData("add64", "9223372036854775807", "9223372036854775806", "1")]
    [InlineData("add64", "-1", "-3", "2")]
    [InlineData("echoU64", "-1", "18446744073709551615")]
    [InlineData("echoI64", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("echoI32", "255", "0xff")]
    [InlineData("echoI32", "-1", "4294967295")]
    [InlineData("echoF64", "NaN", "NaN")]
    [InlineData("echoF64", "-Infinity", "-Infinity")]
    [InlineData("echoF64", "0.1", "0.1")]
    [InlineData("echoF64", "-0", "-0")]
    [InlineData("echoF64", "1E+300", "1e300")]
    [InlineData("echoF32", "0.1", "0.1")]
    [InlineData("echoF32", "3.4028235E+38", "3.4028235e38")]
    [InlineData("echoF32", "16777216", "16777217")]
    [InlineData("noop", "")]
    public async Task Invoke_AndRun_GiveTheSameResult(string export, string expected, params string[] arguments)
    {
        var invoked = await samples.RunAsync(["invoke", "calc", export, .. arguments]);
        var ran = await samples.RunAsync(["run", Repository.SamplePath("calc"), export, .. arguments]);

        Assert.Equal((0, expected), (invoked.ExitCode, invoked.OutputText.TrimEnd('\n')));
        Assert.Equal((0, expected), (ran.ExitCode, ran.OutputText.TrimEnd('\n')));
    }

    [Theory]
    [InlineData("echoI32", "4294967296")]
    [InlineData("echoI32", "1.5")]
    [InlineData("echoI64", "18446744073709551616")]
    [InlineData("echoI64", "twelve")]
    [InlineData("echoF32", "1e39")]
    [InlineData("echoF64", "1e309")]
    [InlineData("add", "1")]
    [InlineData("add", "1", "2", "3")]
    [InlineData("add", "--a", "1", "--b", "2")]
    public async Task Invoke_AndRun_WrongArguments_AreWrongUsage(string export, params string[] arguments)
    {
        var invoked = await samples.RunAsync(["invoke", "calc", export, .. arguments]);
        var ran = await samples.RunAsync(["run", Repository.SamplePath("calc"), export, .. arguments]);

        Assert.Equal((2, ""), (invoked.ExitCode, invoked.OutputText));
        Assert.Equal((2, ""), (ran.ExitCode, ran.OutputText));
    }

    [Fact]
    public async Task Invoke_ArgumentOutOfRange_SaysWhichOneAndWhatWasTyped()
    {
        var run = await samples.RunAsync("invoke", "calc", "add", "1", "99999999999");

        Assert.Contains("argument-out-of-range, HTTP 400", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("argument 2, i32: 99999999999", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("add(i32, i32)", run.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invoke", "faults")]
    [InlineData("run", null)]
    public async Task Call_PluginPanics_ShowsTheTrapItsStackAndWhatWasPrinted(string command, string? plugin)
    {
        var run = await samples.RunAsync(command, plugin ?? Repository.SamplePath("faults"), "panicText");

        Assert.Equal((1, ""), (run.ExitCode, run.OutputText));
        Assert.Contains("trap: unreachable", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("panic: ", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("main.panicText", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_PluginPanicsWithJson_TheProblemIsJsonOnStandardError()
    {
        var run = await samples.RunAsync("invoke", "faults", "panicText", "--json");
        using var problem = JsonDocument.Parse(run.ErrorText);

        Assert.Equal((1, ""), (run.ExitCode, run.OutputText));
        Assert.Equal("trap", problem.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(problem.RootElement.GetProperty("stack").EnumerateArray());
    }

    [Fact]
    public async Task Invoke_Json_IsTheServersAnswer()
    {
        var words = await samples.RunAsync("invoke", "calc", "add64", "1", "2", "--json");
        var array = await samples.RunAsync("invoke", "calc", "add64", "--args", "[\"1\",2]", "--json");

        Assert.Equal("""{"results":["3"]}""", words.OutputText.Trim());
        Assert.Equal(words.OutputText, array.OutputText);
    }

    [Fact]
    public async Task Invoke_Deadline_EndsTheCallAndIsThePluginsFailure()
    {
        var run = await samples.RunAsync("invoke", "faults", "loop", "--deadline", "50");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("deadline-exceeded, HTTP 504", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NoSuchExport_IsRefusedAndSaysWhatThereIs()
    {
        var run = await samples.RunAsync("invoke", "calc", "ad");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("export-not-found, HTTP 404", run.ErrorText, StringComparison.Ordinal);
        Assert.Contains("there is: add, ", run.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NoSuchVersion_IsRefused()
    {
        var run = await samples.RunAsync("invoke", "calc", "add", "1", "2", "--version", "7");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("version-not-found", run.ErrorText, StringComparison.Ordinal);
    }
}
