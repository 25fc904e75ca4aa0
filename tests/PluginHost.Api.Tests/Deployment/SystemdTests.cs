using PluginHost.Plugins;

namespace PluginHost.Api.Tests.Deployment;

/// <summary>The systemd unit.</summary>
public sealed class SystemdTests
{
    /// <summary>Of 100, the more the worse: 25 is what systemd calls OK. The rest is what the server needs: the network, and code that it writes itself.</summary>
    private const string Exposure = "25";

    private static readonly string Unit = DeployedFiles.PathOf("deploy/systemd/pluginhost.service");

    private static IEnumerable<string> Values(string key) => File.ReadLines(Unit).Where(line => line.StartsWith(key + "=", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..]);

    [Fact]
    public void Unit_Settings_AreOnesThatTheServerReads() => Assert.All(Values("Environment"), variable => Assert.True(DeployedFiles.IsSetting(variable.Split('=')[0]), variable));

    [Fact]
    public void Unit_Start_IsTheServersOwnAssembly() => Assert.Contains($"/{typeof(Program).Assembly.GetName().Name}.dll ", Assert.Single(Values("ExecStart")), StringComparison.Ordinal);

    [Fact]
    public void Unit_ExitCodesThatNoRestartHelps_AreTheServersOwn() => Assert.Equal(
        string.Join(' ', ((StartFailure[])[StartFailure.Configuration, StartFailure.CatalogDamaged, StartFailure.CatalogNewer, StartFailure.Certificate]).Select(failure => (int)failure)),
        Assert.Single(Values("RestartPreventExitStatus")));

    [Fact]
    public void Unit_DataDirectory_IsTheOneThatItMayWrite() => Assert.Contains($"PluginHost__DataDirectory=/var/lib/{Assert.Single(Values("StateDirectory"))}", Values("Environment"));

    [ToolFact("systemd-analyze")]
    public async Task Unit_IsOneForSystemdItself()
    {
        var (code, output) = await DeployedFiles.RunAsync("systemd-analyze", "verify", "--man=no", Unit);

        // That the program is not installed where the test runs is no fault of the unit.
        Assert.True(code == 0 || output.Contains("is not executable", StringComparison.Ordinal), output);
        Assert.DoesNotContain("Unknown", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Failed to parse", output, StringComparison.Ordinal);
    }

    [ToolFact("systemd-analyze")]
    public async Task Unit_Exposure_IsSmall()
    {
        var (code, output) = await DeployedFiles.RunAsync("systemd-analyze", "security", "--offline=yes", "--no-pager", $"--threshold={Exposure}", Unit);

        Assert.True(code == 0, output);
    }
}
