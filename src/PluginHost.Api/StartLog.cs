using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PluginHost.Api.Security;

namespace PluginHost.Api;

/// <summary>Says where the server is and what to type first.</summary>
internal sealed partial class StartLog(IServer server, CallerDirectory callers, ILogger<StartLog> logger)
{
    public void Started()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ListeningRules.DefaultUrl;
        var authorization = callers.AllowsAnonymous ? "" : " -H \"Authorization: Bearer $KEY\"";
        LogReady(address, $"curl{authorization} {Probes.HealthCheckCommand.Reachable(address)}v1/server");
    }

    /// <summary>The first answers will be slow, and why.</summary>
    public void NotRehearsed(string reason) => LogNotRehearsed(reason);

    [LoggerMessage(LogLevel.Information, "PluginHost is ready on {Address}, with its documentation at /swagger. Try: {Command}")]
    private partial void LogReady(string address, string command);

    [LoggerMessage(LogLevel.Warning, "The rehearsal failed, so the first answers will take longer: {Reason}")]
    private partial void LogNotRehearsed(string reason);
}
