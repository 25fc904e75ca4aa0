namespace PluginHost.Cli.Server;

internal sealed partial class ServerClient
{
    /// <summary>A backup of the server, as it comes.</summary>
    public Task<HttpResponseMessage> BackupAsync(CancellationToken cancellation) => SendAsync(new HttpRequestMessage(HttpMethod.Post, "v1/backup"), cancellation);
}
