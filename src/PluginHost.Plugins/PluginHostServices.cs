using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Aliases;
using PluginHost.Plugins.Auditing;
using PluginHost.Plugins.Backups;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.HostFunctions;
using PluginHost.Plugins.HostFunctions.Http;
using PluginHost.Plugins.HostFunctions.KeyValue;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Memory;
using PluginHost.Plugins.Operations;
using PluginHost.Plugins.Pooling;
using PluginHost.Plugins.Signatures;
using PluginHost.Plugins.Telemetry;

namespace PluginHost.Plugins;

/// <summary>Registers the plugin host with a container.</summary>
public static class PluginHostServices
{
    /// <summary>
    /// Adds <see cref="PluginService"/>, <see cref="Invoker"/>, <see cref="HostState"/> and the hosted service that recovers the catalog at the start and
    /// drains at the end. Settings come from the section <see cref="PluginHostOptions.Section"/> and are validated at the start.
    /// </summary>
    /// <param name="configuration">The whole configuration, not the section.</param>
    public static IServiceCollection AddPluginHost(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddOptions<PluginHostOptions>().Bind(configuration.GetSection(PluginHostOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PluginHostOptions>, PluginHostOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton(provider => new EngineChoice(Options(provider).Value.Engine));
        services.AddSingleton<HostState>();
        services.AddSingleton<PluginRegistry>();
        services.AddSingleton<PluginMeter>();
        services.AddSingleton(provider => new DataDirectory(Options(provider).Value.DataDirectory));
        services.AddSingleton<WriteTurns>();
        services.AddSingleton<GroupedWrites>();
        services.AddSingleton<PluginCatalog>();
        services.AddSingleton<KeyTable>();
        services.AddSingleton<AuditTable>();
        services.AddSingleton<KeyValueStore>();
        services.AddSingleton<ModuleFiles>();
        services.AddSingleton<DiskSpace>();
        services.AddSingleton<CatalogChanges>();
        services.AddSingleton(provider => new InstanceCapacity(Options(provider).Value.Limits.MaximumTotalInstances));
        // What plugins send, and where to, does not stand in the server's log: URLs carry keys.
        services.AddHttpClient(GuardedConnections.PublicClient, Unlimited).ConfigurePrimaryHttpMessageHandler(() => GuardedConnections.Handler(privateAddresses: false)).RemoveAllLoggers();
        services.AddHttpClient(GuardedConnections.PrivateClient, Unlimited).ConfigurePrimaryHttpMessageHandler(() => GuardedConnections.Handler(privateAddresses: true)).RemoveAllLoggers();
        services.AddSingleton(provider => new HostModules([BuiltInModule.Create(provider), .. provider.GetServices<HostModule>()]));
        services.AddSingleton<GuestInstanceFactory>();
        services.AddSingleton<GuestRunner>();
        services.AddSingleton<VersionLoader>();
        services.AddSingleton<SignaturePolicy>();
        services.AddSingleton<ModuleUploads>();
        services.AddSingleton<AliasTable>();
        services.AddSingleton<OperationTable>();
        services.AddSingleton<IdleMemory>();

        // The public ones take internal ones, which the container's own activator would not accept of a constructor.
        services.AddSingleton(provider => new PluginService(
            provider.GetRequiredService<PluginRegistry>(),
            provider.GetRequiredService<PluginCatalog>(),
            provider.GetRequiredService<ModuleFiles>(),
            provider.GetRequiredService<GuestInstanceFactory>(),
            provider.GetRequiredService<EngineChoice>(),
            provider.GetRequiredService<HostModules>(),
            provider.GetRequiredService<HostState>(),
            provider.GetRequiredService<CatalogChanges>(),
            provider.GetRequiredService<ModuleUploads>(),
            Options(provider),
            provider.GetRequiredService<ILogger<PluginService>>()));
        services.AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<AuditTable>(), provider.GetRequiredService<TimeProvider>(), Options(provider), provider.GetRequiredService<ILogger<AuditLog>>()));
        services.AddSingleton(provider => new AccessKeys(
            provider.GetRequiredService<KeyTable>(), provider.GetRequiredService<TimeProvider>(), Options(provider), provider.GetRequiredService<ILogger<AccessKeys>>()));
        services.AddSingleton(provider => new Invoker(
            provider.GetRequiredService<PluginRegistry>(),
            provider.GetRequiredService<VersionLoader>(),
            provider.GetRequiredService<GuestRunner>(),
            provider.GetRequiredService<HostState>(),
            provider.GetRequiredService<PluginMeter>(),
            provider.GetRequiredService<TimeProvider>(),
            Options(provider),
            provider.GetRequiredService<ILogger<Invoker>>()));

        services.AddSingleton(provider => new PluginOperations(
            provider.GetRequiredService<PluginRegistry>(),
            provider.GetRequiredService<OperationTable>(),
            provider.GetRequiredService<DiskSpace>(),
            provider.GetRequiredService<HostState>(),
            new Lazy<ICallMessages?>(provider.GetService<ICallMessages>),
            provider.GetRequiredService<TimeProvider>(),
            Options(provider),
            provider.GetRequiredService<ILogger<PluginOperations>>()));

        services.AddSingleton(provider => new PluginActivity(provider.GetRequiredService<PluginRegistry>(), provider.GetRequiredService<TimeProvider>()));

        services.AddSingleton(provider => new PluginBackups(
            provider.GetRequiredService<DataDirectory>(), provider.GetRequiredService<ModuleFiles>(), provider.GetRequiredService<CatalogChanges>(), provider.GetRequiredService<PluginService>()));

        services.AddSingleton(provider => new PluginAliases(
            provider.GetRequiredService<PluginRegistry>(),
            provider.GetRequiredService<AliasTable>(),
            provider.GetRequiredService<CatalogChanges>(),
            provider.GetRequiredService<VersionLoader>(),
            provider.GetRequiredService<HostState>(),
            provider.GetRequiredService<ILogger<PluginAliases>>()));

        services.AddHostedService<PluginHostLifetime>();
        return services;
    }

    /// <summary>Adds host functions of the application's own, which a plugin may import where its configuration grants the module by name.</summary>
    public static IServiceCollection AddHostModule(this IServiceCollection services, Func<IServiceProvider, HostModule> module) => services.AddSingleton(module);

    /// <summary>A request has a limit of its own, which covers its redirects and its body.</summary>
    private static void Unlimited(HttpClient client) => client.Timeout = Timeout.InfiniteTimeSpan;

    private static IOptions<PluginHostOptions> Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<PluginHostOptions>>();
}
