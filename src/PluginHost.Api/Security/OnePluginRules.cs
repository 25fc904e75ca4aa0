using PluginHost.Plugins;

namespace PluginHost.Api.Security;

/// <summary>What a caller that is restricted to one plugin may not give to it: a way to other plugins, or to what is the host's own.</summary>
internal static class OnePluginRules
{
    /// <param name="present">The configuration that there is; what it grants already stays granted.</param>
    /// <returns>Why the configuration may not be put, or null.</returns>
    public static string? Refusal(string plugin, PluginConfiguration asked, PluginConfiguration? present)
    {
        var calls = (asked.Grants.Call ?? []).Except((present?.Grants.Call ?? []).Append(plugin), StringComparer.Ordinal).FirstOrDefault();

        if (calls is not null)
            return $"A key for one plugin cannot let it call '{calls}'.";

        if (asked.Directories.Except(present?.Directories ?? []).FirstOrDefault() is { } directory)
            return $"A key for one plugin cannot grant it the directory '{directory.Host}'.";

        var http = present?.Grants.Http;

        return asked.Grants.Http is { PrivateAddresses: true } reach && (http is not { PrivateAddresses: true } || (reach.Hosts ?? []).Except(http.Hosts ?? [], StringComparer.OrdinalIgnoreCase).Any())
            ? "A key for one plugin cannot let it reach private addresses."
            : null;
    }
}
