using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Catalog;

/// <summary>The process that <see cref="CrashTests"/> kills: it uploads without end and says each time what was acknowledged.</summary>
internal static class UploadingProcess
{
    public static async Task<int> Main(string[] arguments)
    {
        await using var host = await PluginHostFixture.StartAsync(arguments[0]);
        var random = new Random(int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture));

        for (var upload = 0; upload < 500; upload++)
        {
            var content = new byte[random.Next(10, 400_000)];
            random.NextBytes(content);

            var version = await host.UploadAsync("calc", new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, 1).Custom(content).ToArray());

            await Console.Out.WriteLineAsync($"{version.Ordinal} {version.Digest}");
            await Console.Out.FlushAsync();
        }

        return 0;
    }
}
