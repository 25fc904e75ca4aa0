using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PluginHost.Plugins;

/// <summary>Registers the plugin host with a container.</summary>
public static class PluginHostServices
{
    /// <summary>
    /// Adds <see cref="PluginService"/>, <see cref="Invocation.Invoker"/>, <see cref="HostState"/> and the hosted service that recovers the catalog at the
    /// start and drains at the end. Settings come from the section <see cref="PluginHostOptions.Section"/> and are validated at the start.
    /// </summary>
    /// <param name="configuration">The whole configuration, not the section.</param>
    public static IServiceCollection AddPluginHost(this IServiceCollection services, IConfiguration configuration) => throw new NotImplementedException();
}
