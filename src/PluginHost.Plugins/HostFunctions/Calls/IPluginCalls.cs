namespace PluginHost.Plugins.HostFunctions.Calls;

/// <summary>Calls exports with arguments and results in the JSON of the API. It is the API's part: a host without one offers no calls from plugin to plugin.</summary>
public interface IPluginCalls
{
    Task<PluginCallAnswer> InvokeAsync(PluginCall call, CancellationToken cancellation);
}
