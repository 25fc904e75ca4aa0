using PluginHost.Plugins;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>Who may come in, as the configuration says.</summary>
/// <param name="Key">The administrator's key of the setting <c>PluginHost:ApiKey</c>.</param>
/// <param name="Anonymous">What callers without a key may do by the setting <c>PluginHost:Anonymous</c>.</param>
/// <param name="IsLocal">Whether only this machine can reach the server.</param>
internal sealed record AccessSettings(ApiKey Key, Scope Anonymous, bool IsLocal)
{
    private const string AnonymousSetting = "PluginHost:Anonymous";

    /// <exception cref="PluginHostStartException">A setting means nothing.</exception>
    public static AccessSettings Of(IConfiguration configuration, bool isLocal) =>
        new(new ApiKey(configuration["PluginHost:ApiKey"]), Scopes(configuration[AnonymousSetting]), isLocal);

    private static Scope Scopes(string? setting)
    {
        var scopes = Scope.None;

        foreach (var name in (setting ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.Equals(name, "true", StringComparison.OrdinalIgnoreCase))
                scopes |= Scope.Admin;
            else if (Plugins.Access.Scopes.TryParse(name, out var scope))
                scopes |= scope;
            else if (!string.Equals(name, "false", StringComparison.OrdinalIgnoreCase))
                throw new PluginHostStartException($"{AnonymousSetting} is '{setting}' and must be true, false, or scopes of {string.Join(", ", Plugins.Access.Scopes.Names)}.");
        }

        return scopes;
    }
}
