using PluginHost.Cli.Tests.Support;

namespace PluginHost.Cli.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class BackupCommandTests(SampleFixture samples)
{
    [Fact]
    public async Task Backup_OfTheServer_IsWholeAndSaysSoOfADamagedOne()
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "backup.tar");

        var made = await samples.RunAsync("backup", file);
        var whole = await samples.RunAsync("backup", "--check", file, "--json");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var damaged = await samples.RunAsync("backup", "--check", file);

        Assert.Equal((0, 0, 2), (made.ExitCode, whole.ExitCode, damaged.ExitCode));
        Assert.Contains("whole", made.OutputText, StringComparison.Ordinal);
        Assert.Contains("\"modules\":", whole.OutputText, StringComparison.Ordinal);
        Assert.Contains("digest", damaged.ErrorText, StringComparison.Ordinal);
        Assert.Equal(file, Assert.Single(Directory.GetFiles(folder.Path)));
    }
}
