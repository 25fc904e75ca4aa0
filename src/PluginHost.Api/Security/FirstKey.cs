using PluginHost.Api.Starting;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.Security;

/// <summary>
/// A server that others reach, and that was given no key, makes its first one when it starts first. It is shown once, on the standard output and not in the log,
/// which may go elsewhere; what is kept is its digest.
/// </summary>
internal sealed class FirstKey(AccessKeys keys, AccessSettings settings, OidcSettings oidc, AuditLog audit, LogOutput output) : IHostedLifecycleService
{
    private const string Name = "first key";

    // The catalog has been opened before, by the service that was added before.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.IsLocal || settings.Key.IsRequired || settings.Anonymous != Scope.None || oidc.IsEnabled || keys.Any)
            return;

        audit.Begin("server", "PluginHost", "", "first start", "", null);
        var made = keys.Create(new KeyRequest(Name, [Scope.Admin.Text()]), needsAdministrator: true);

        if (!made.Succeeded)
            throw new PluginHostStartException($"The first key cannot be made: {made.Failure.Detail}");

        await output.SayAsync(
            Console.Out,
            $"""

            No key was configured, so this server has made its first one. It may do everything, and is shown only now:

                {made.Value.Secret}

            Clients send it as "Authorization: Bearer KEY". Make others with: pluginhost keys create

            """,
            "Information",
            "FirstKey",
            made.Value.Secret);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
