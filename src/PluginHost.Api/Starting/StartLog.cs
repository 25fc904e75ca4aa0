using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Starting;

/// <summary>Says where the server is and what to type first.</summary>
internal sealed partial class StartLog(IServer server, CallerDirectory callers, AccessSettings settings, ILogger<StartLog> logger)
{
    public void Started()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ListeningRules.DefaultUrl;
        var authorization = callers.Anonymous?.May(Scope.Read) == true ? "" : " -H \"Authorization: Bearer $KEY\"";
        LogReady(address, $"curl{authorization} {Probes.HealthCheckCommand.Reachable(address)}v1/server");

        if (settings.Anonymous != Scope.None)
            LogAnonymous(string.Join(' ', settings.Anonymous.Texts()), settings.IsLocal ? "on this machine" : "who reaches the server");
    }

    /// <summary>The first answers will be slow, and why.</summary>
    public void NotRehearsed(string reason) => LogNotRehearsed(reason);

    [LoggerMessage(LogLevel.Warning, "PluginHost:Anonymous is set: everybody {Where} has the scopes '{Scopes}' without a key")]
    private partial void LogAnonymous(string scopes, string where);

    [LoggerMessage(LogLevel.Information, "PluginHost is ready on {Address}, with its documentation at /swagger. Try: {Command}")]
    private partial void LogReady(string address, string command);

    [LoggerMessage(LogLevel.Warning, "The rehearsal failed, so the first answers will take longer: {Reason}")]
    private partial void LogNotRehearsed(string reason);
}
