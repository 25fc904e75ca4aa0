using System.Text.Json;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class AliasCommandTests(SampleFixture samples)
{
    [Fact]
    public async Task Alias_SetMovedAndRolledBack_IsWhatTheListSays()
    {
        var made = await samples.RunAsync("alias", "set", "calc", "tool", "1");
        var moved = await samples.RunAsync("alias", "set", "calc", "tool", "1=7", "--json");
        var list = await samples.RunAsync("alias", "ls", "calc");
        var back = await samples.RunAsync("alias", "rollback", "calc", "tool");
        var further = await samples.RunAsync("alias", "rollback", "calc", "tool");
        using var document = JsonDocument.Parse(moved.OutputText);

        Assert.Equal((0, 0, 0, 0, 4), (made.ExitCode, moved.ExitCode, list.ExitCode, back.ExitCode, further.ExitCode));
        Assert.Equal("tool: version 1", made.OutputText.Trim());
        Assert.Equal(7, document.RootElement.GetProperty("targets")[0].GetProperty("weight").GetInt32());
        Assert.Contains(list.OutputText.Split('\n'), line => line.StartsWith("tool", StringComparison.Ordinal) && line.Contains("version 1", StringComparison.Ordinal));
        Assert.Contains("nothing-to-roll-back", further.ErrorText + further.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_WithoutActivation_LeavesNothingLive()
    {
        var pushed = await samples.RunAsync("push", Path.Combine("plugins", "calc"), "--plugin", "quiet", "--no-activate");
        var aliases = await samples.RunAsync("alias", "ls", "quiet", "--json");

        Assert.Equal((0, """{"aliases":[]}"""), (pushed.ExitCode, string.Concat(aliases.OutputText.Where(character => !char.IsWhiteSpace(character)))));
    }

    [Fact]
    public async Task Push_SignedForAServerThatTrustsNoKey_IsRefusedForTheSignature()
    {
        using var file = new TemporaryDirectory();
        var signature = Path.Combine(file.Path, "calc.sig");
        await File.WriteAllTextAsync(signature, "AAAA");

        var pushed = await samples.RunAsync("push", Path.Combine("plugins", "calc"), "--plugin", "signed", "--signature", signature);

        Assert.Equal(4, pushed.ExitCode);
        Assert.Contains("signature-invalid", pushed.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1=2=3")]
    [InlineData("1=-2")]
    [InlineData("=")]
    public async Task Alias_SetToWhatIsNoTarget_IsAUsageError(string target)
    {
        var result = await samples.RunAsync("alias", "set", "calc", "tool-wrong", target);

        Assert.Equal(2, result.ExitCode);
    }
}
