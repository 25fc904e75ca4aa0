using System.Text.Json;
using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class KeyCommandTests(SampleFixture samples)
{
    [Fact]
    public async Task Keys_MadeUsedAndRevoked_AreWhatTheListSays()
    {
        var made = await samples.RunAsync("keys", "create", "a pipeline", "--scope", "read", "--scope", "invoke", "--plugin", "calc", "--expires", "30d");
        var secret = made.OutputText.Trim();
        var id = secret.Split('_')[1];
        var used = await samples.RunAsync("invoke", "calc", "add", "1", "2", "--key", secret);
        var refused = await samples.RunAsync("keys", "ls", "--key", secret);
        var list = await samples.RunAsync("keys", "ls");
        var revoked = await samples.RunAsync("keys", "revoke", "a pipeline");
        var after = await samples.RunAsync("ls", "--key", secret);
        var again = await samples.RunAsync("keys", "revoke", "a pipeline");

        Assert.Equal((0, 0, 4, 0, 0, 4, 4), (made.ExitCode, used.ExitCode, refused.ExitCode, list.ExitCode, revoked.ExitCode, after.ExitCode, again.ExitCode));
        Assert.StartsWith("phk_", secret, StringComparison.Ordinal);
        Assert.Contains("\"admin\"", refused.ErrorText, StringComparison.Ordinal);
        var line = Assert.Single(list.OutputText.Split('\n'), line => line.StartsWith(id, StringComparison.Ordinal));
        Assert.Contains("read,invoke", line, StringComparison.Ordinal);
        Assert.Contains("until ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Split('_')[2], made.ErrorText + list.OutputText + revoked.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_AsJson_AreForPrograms()
    {
        var made = await samples.RunAsync("keys", "create", "json", "--scope", "read", "--rate", "7", "--json");
        using var document = JsonDocument.Parse(made.OutputText);
        var id = document.RootElement.GetProperty("key").GetProperty("id").GetString()!;
        var revoked = await samples.RunAsync("keys", "revoke", id, "--json");

        Assert.Equal(7, document.RootElement.GetProperty("key").GetProperty("requestsPerSecond").GetInt32());
        Assert.Equal($$"""{"event":"revoked","key":"{{id}}"}""", Sorted(revoked.OutputText));
    }

    [Fact]
    public async Task Audit_OfAPlugin_SaysWhoMadeIt()
    {
        var people = await samples.RunAsync("audit", "--plugin", "calc", "-n", "5");
        var programs = await samples.RunAsync("audit", "--plugin", "calc", "--json");
        using var document = JsonDocument.Parse(programs.OutputText);

        Assert.Equal((0, 0), (people.ExitCode, programs.ExitCode));
        Assert.Contains("POST /v1/plugins/calc/versions", people.OutputText, StringComparison.Ordinal);
        Assert.Contains(document.RootElement.GetProperty("items").EnumerateArray(), entry => entry.GetProperty("result").GetString() == "done" && entry.GetProperty("caller").GetString() == "configured");
    }

    [Theory]
    [InlineData("keys", "create", "x")]
    [InlineData("keys", "create", "x", "--scope", "root")]
    [InlineData("keys", "create", "x", "--scope", "read", "--expires", "soon")]
    [InlineData("keys", "create", "x", "--scope", "read", "--expires", "2001-01-01")]
    [InlineData("keys", "create", "x", "--scope", "read", "--rate", "0")]
    [InlineData("keys", "create", "x", "--scope", "read", "--plugin", "../x")]
    [InlineData("keys", "create", "", "--scope", "read")]
    public async Task Create_WhatMakesNoSense_IsWrongUsage(params string[] arguments)
    {
        var run = await samples.RunAsync(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.OutputText));
    }

    /// <summary>The members in the order of their names.</summary>
    private static string Sorted(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(new SortedDictionary<string, string>(document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal), StringComparer.Ordinal));
    }
}
