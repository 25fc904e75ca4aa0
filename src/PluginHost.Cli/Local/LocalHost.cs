using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PluginHost.Plugins;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Cli.Local;

/// <summary>The server's own plugin host inside the tool, on a data directory that goes when it ends: what runs here runs there.</summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _data;

    private LocalHost(IHost host, string data)
    {
        _host = host;
        _data = data;
    }

    public PluginService Plugins => _host.Services.GetRequiredService<PluginService>();

    public Invoker Invoker => _host.Services.GetRequiredService<Invoker>();

    /// <param name="deadline">In milliseconds, for the start and for the call.</param>
    public static async Task<LocalHost> StartAsync(int deadline, CancellationToken cancellation)
    {
        var data = Directory.CreateTempSubdirectory("pluginhost-run-").FullName;
        var milliseconds = deadline.ToString(CultureInfo.InvariantCulture);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PluginHost:DataDirectory"] = data,
            ["PluginHost:Limits:DeadlineMilliseconds"] = milliseconds,
            ["PluginHost:Limits:StartDeadlineMilliseconds"] = milliseconds,
        });
        builder.Services.AddLogging();
        builder.Services.AddPluginHost(builder.Configuration);
        var host = new LocalHost(builder.Build(), data);

        try
        {
            await host._host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
