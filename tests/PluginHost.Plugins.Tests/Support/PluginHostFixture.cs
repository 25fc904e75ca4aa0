using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Plugins.Tests.Support;

/// <summary>A plugin host on a data directory, started as a server starts it.</summary>
internal sealed class PluginHostFixture : IAsyncDisposable
{
    private readonly IHost _host;

    private PluginHostFixture(IHost host) => _host = host;

    public PluginService Plugins => _host.Services.GetRequiredService<PluginService>();

    public Invoker Invoker => _host.Services.GetRequiredService<Invoker>();

    public HostState State => _host.Services.GetRequiredService<HostState>();

    public IServiceProvider Services => _host.Services;

    public static Task<PluginHostFixture> StartAsync(string dataDirectory, params (string Setting, object Value)[] settings) =>
        StartAsync(dataDirectory, TimeProvider.System, settings);

    public static Task<PluginHostFixture> StartAsync(string dataDirectory, TimeProvider clock, params (string Setting, object Value)[] settings) =>
        StartAsync(dataDirectory, clock, _ => { }, settings);

    /// <param name="register">Adds services of an application's own.</param>
    public static async Task<PluginHostFixture> StartAsync(
        string dataDirectory, TimeProvider clock, Action<IServiceCollection> register, params (string Setting, object Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        builder.Configuration.AddInMemoryCollection(settings
            .Append(("DataDirectory", dataDirectory))
            .DistinctBy(setting => setting.Item1, StringComparer.Ordinal)
            .Select(setting => KeyValuePair.Create("PluginHost:" + setting.Item1, setting.Item2.ToString())));
        builder.Services.AddLogging();
        builder.Services.AddSingleton(clock);
        builder.Services.AddPluginHost(builder.Configuration);
        register(builder.Services);

        var fixture = new PluginHostFixture(builder.Build());

        try
        {
            await fixture._host.StartAsync();
        }
        catch
        {
            fixture._host.Dispose();
            throw;
        }

        return fixture;
    }

    /// <summary>Puts the configuration of a plugin that may import host functions.</summary>
    public async Task<Plugin> GrantAsync(string plugin, PluginGrants grants, IReadOnlyDictionary<string, string>? config = null, PoolConfiguration? pool = null)
    {
        var outcome = await Plugins.PutAsync(plugin, new PluginConfiguration(pool: pool, grants: grants, config: config), null, mustNotExist: false, CancellationToken.None);

        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        return outcome.Value.Plugin;
    }

    public async Task<PluginVersion> UploadAsync(string plugin, byte[] module)
    {
        var outcome = await Plugins.UploadAsync(plugin, new MemoryStream(module), CancellationToken.None);

        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        return outcome.Value.Version;
    }

    public async Task<(InvocationResult Result, ulong[] Values)> CallAsync(
        string plugin, string export, ulong[] arguments, string? version = null, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        var target = await Invoker.ResolveAsync(plugin, version, export, CancellationToken.None);

        Assert.True(target.Succeeded, target.Failure?.ToString());

        var results = new ulong[target.Value.Type.Results.Length];
        return (await Invoker.InvokeAsync(target.Value, arguments, results, deadline, cancellation), results);
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
