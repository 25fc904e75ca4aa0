using System.Diagnostics;
using System.Security.Cryptography;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Catalog;

public sealed class CrashTests
{
    [Fact]
    public async Task Kill_WhileUploading_LosesNothingAcknowledgedAndShowsNothingHalfWritten()
    {
        using var directory = new TemporaryDirectory();
        var acknowledged = new List<(int Ordinal, string Digest)>();
        var random = new Random(7);

        for (var round = 0; round < 4; round++)
        {
            await KillAsync(directory.Path, round, random.Next(1, 8), random.Next(0, 30), acknowledged);

            await using var host = await PluginHostFixture.StartAsync(directory.Path);
            var versions = host.Plugins.Versions("calc").Value!.ToDictionary(version => version.Ordinal);

            foreach (var (ordinal, digest) in acknowledged)
                Assert.Equal(digest, versions[ordinal].Digest);

            foreach (var version in versions.Values)
            {
                var bytes = await File.ReadAllBytesAsync(host.Plugins.Content("calc", version.Digest).Value!.Path);

                Assert.Equal(version.Digest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)));
                Assert.Equal(version.Size, bytes.Length);
            }

            Assert.Equal(Enumerable.Range(1, versions.Count).ToArray(), versions.Keys.Order().ToArray());
            Assert.Equal(versions.Count, Directory.EnumerateFiles(directory.Path, "*.wasm", SearchOption.AllDirectories).Count());
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(directory.Path, "incoming")));
            Assert.Equal(1UL, Assert.Single((await host.CallAsync("calc", "value", [])).Values));
        }
    }

    private static async Task KillAsync(string directory, int seed, int lines, int milliseconds, List<(int Ordinal, string Digest)> acknowledged)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };

        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        start.ArgumentList.Add(directory);
        start.ArgumentList.Add(seed.ToString(System.Globalization.CultureInfo.InvariantCulture));

        using var process = Process.Start(start)!;

        for (var line = 0; line < lines; line++)
            Acknowledge(await process.StandardOutput.ReadLineAsync());

        await Task.Delay(milliseconds);
        process.Kill();

        while (await process.StandardOutput.ReadLineAsync() is { } rest)
            Acknowledge(rest);

        await process.WaitForExitAsync();

        void Acknowledge(string? line)
        {
            var parts = line?.Split(' ');

            Assert.True(parts is { Length: 2 }, "The process ended by itself.");

            // The last line may be cut off by the kill.
            if (parts![1].Length == "sha256:".Length + 64)
                acknowledged.Add((int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts[1]));
        }
    }
}
