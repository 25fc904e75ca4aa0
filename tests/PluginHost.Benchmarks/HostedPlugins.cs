using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PluginHost.Plugins;
using PluginHost.Plugins.Invocation;

namespace PluginHost.Benchmarks;

/// <summary>What the server has behind HTTP, in this process: plugins, their pools and what calls them.</summary>
internal sealed class HostedPlugins : IAsyncDisposable
{
    private readonly TemporaryDirectory _data;
    private readonly IHost _host;

    private HostedPlugins(TemporaryDirectory data, IHost host)
    {
        _data = data;
        _host = host;
    }

    public Invoker Invoker => _host.Services.GetRequiredService<Invoker>();

    public PluginService Plugins => _host.Services.GetRequiredService<PluginService>();

    public static async Task<HostedPlugins> StartAsync(params (string Setting, string Value)[] settings)
    {
        var data = new TemporaryDirectory();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Append(("DataDirectory", data.Path)).Select(setting => KeyValuePair.Create<string, string?>("PluginHost:" + setting.Item1, setting.Item2)));
        builder.Services.AddLogging();
        builder.Services.AddPluginHost(builder.Configuration);
        var plugins = new HostedPlugins(data, builder.Build());
        await plugins._host.StartAsync();
        return plugins;
    }

    /// <summary>Uploads a sample, and finds one of its exports.</summary>
    public async Task<InvocationTarget> UploadAsync(string sample, string export)
    {
        var uploaded = await Plugins.UploadAsync(sample, new MemoryStream(Repository.Sample(sample)), CancellationToken.None);

        if (!uploaded.Succeeded)
            throw new InvalidOperationException(uploaded.Failure.Detail);

        var target = await Invoker.ResolveAsync(sample, null, export, CancellationToken.None);
        return target.Succeeded ? target.Value : throw new InvalidOperationException(target.Failure.Detail);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _data.Dispose();
    }
}
