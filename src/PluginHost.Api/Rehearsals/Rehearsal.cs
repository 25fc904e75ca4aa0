using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using PluginHost.Api.WebConsole;
using PluginHost.Plugins;

namespace PluginHost.Api.Rehearsals;

/// <summary>
/// Before the server listens, another one like it is uploaded plugins and calls them, over HTTP and on the disk, and is thrown away. So .NET has compiled what
/// the first upload and the first call need: much of it ReadyToRun cannot compile beforehand. Nothing of it is left in the catalog, the logs or the metrics.
/// </summary>
internal static class Rehearsal
{
    /// <summary>The setting that switches it off.</summary>
    public const string Setting = "PluginHost:Rehearsal";

    private const string Module = "PluginHost.Api.Rehearsals.calc.wasm";

    /// <summary>After so many rounds a further one gains nothing that can be measured.</summary>
    private const int Rounds = 12;

    /// <summary>When no further round begins: on a slow machine the server had better start.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Rehearses, unless the setting says not to. The server must not have been built yet: its telemetry would listen.</summary>
    /// <param name="build">Makes a server.</param>
    /// <returns>Why it failed, which makes the first answers slower and no more; null when it did not.</returns>
    public static async Task<string?> RunAsync(Func<WebApplicationBuilder, WebApplication> build, IConfiguration configuration)
    {
        if (!configuration.GetValue(Setting, true))
            return null;

        var begin = Stopwatch.GetTimestamp();

        try
        {
            var folder = Directory.CreateTempSubdirectory("pluginhost-rehearsal-").FullName;

            try
            {
                await RunAsync(build, folder, configuration["PluginHost:Engine"] ?? PluginHost.Wasm.Runtime.ExecutionEngines.Default.Name, begin);
                return null;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or SocketException or PluginHostStartException or OptionsValidationException)
        {
            return exception.Message;
        }
    }

    private static async Task RunAsync(Func<WebApplicationBuilder, WebApplication> build, string folder, string engine, long begin)
    {
        // Whoever finds its port in this second does not know its key.
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });

        // What the server is told by its environment is not for this one: its addresses, its exporters, its own logs.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Serilog:MinimumLevel:Default"] = "Fatal",
            ["PluginHost:ApiKey"] = key,
            [ConsolePages.Setting] = "false",
            ["PluginHost:DataDirectory"] = folder,
            ["PluginHost:Engine"] = engine,
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        await using var app = build(builder);
        await app.StartAsync();

        var client = new RehearsalClient(IPEndPoint.Parse(new Uri(app.Urls.First()).Authority), key);
        var module = Read();

        for (var round = 0; round < Rounds && Stopwatch.GetElapsedTime(begin) < Longest; round++)
        {
            // Each module is another one: a custom section without bytes but its name's.
            var plugin = $"/v1/plugins/rehearsal-{round}";
            byte[] other = [.. module, 0, 2, 1, (byte)('a' + round)];
            var add = """{"args":[1,2]}"""u8.ToArray();

            await client.SendAsync("POST", plugin + "/versions", "application/wasm", other);
            await client.SendAsync("POST", plugin + "/exports/add/invoke", "application/json", add);

            // A new configuration unloads the module, so that this call takes it from the disk.
            await client.SendAsync("PUT", plugin, "application/json", "{}"u8.ToArray());
            await client.SendAsync("POST", plugin + "/exports/add/invoke", "application/json", add);
        }
    }

    private static byte[] Read()
    {
        using var stream = typeof(Rehearsal).Assembly.GetManifestResourceStream(Module)!;
        var bytes = new byte[stream.Length];

        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Signals are not for the rehearsal: until the server listens they end the process.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
