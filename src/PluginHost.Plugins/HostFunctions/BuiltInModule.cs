using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.HostFunctions.Calls;
using PluginHost.Plugins.HostFunctions.Http;
using PluginHost.Plugins.HostFunctions.KeyValue;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>The host's own module <c>pluginhost</c>, on the same seam as an application's.</summary>
internal static class BuiltInModule
{
    public const string Name = "pluginhost";

    public static HostModule Create(IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var limits = services.GetRequiredService<IOptions<PluginHostOptions>>().Value.Limits;
        var log = new LogFunction(clock);
        var invocation = new InvocationFunction(clock);

        var module = new HostModule()
            .Add("take", null, static (HostCaller caller, Span<byte> room) => caller.Take(room))
            .Add("log", HostGrant.Log, log.Write)
            .Add("config_get", HostGrant.Config, static (HostCaller caller, string key) => caller.Settings.Config.GetValueOrDefault(key))
            .Add("secret_get", HostGrant.Config, static (HostCaller caller, string key) => caller.Settings.Secrets.GetValueOrDefault(key))
            .Add("clock_now", HostGrant.Clock, () => Nanoseconds(clock.GetUtcNow()))
            .Add("invocation", HostGrant.Invocation, invocation.Describe);

        new KeyValueFunctions(services.GetRequiredService<KeyValueStore>(), limits).AddTo(module);
        module.Add("call", HostGrant.Call, new CallFunction(services).CallAsync);
        module.Add("http_send", HostGrant.Http, new HttpFunction(new HttpExchange(services.GetRequiredService<IHttpClientFactory>(), clock)).SendAsync);
        return module;
    }

    /// <summary>A time as RFC 3339 has it, to the last digit that is known.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
}
