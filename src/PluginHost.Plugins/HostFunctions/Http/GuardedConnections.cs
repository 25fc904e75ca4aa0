using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>
/// Makes the connections of plugins' requests. The address that was looked at is the one that is connected to, so that a name which changes its mind in
/// between gains nothing. Connections to private addresses are kept apart: one that a plugin may use is not reused by another that may not.
/// </summary>
internal static class GuardedConnections
{
    public const string PublicClient = "pluginhost-public";
    public const string PrivateClient = "pluginhost-private";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static SocketsHttpHandler Handler(bool privateAddresses) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),

        // GuestRequest adds the trace, where the plugin has not; what else an activity carries along is not for others.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, privateAddresses, cancellation),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool privateAddresses, CancellationToken cancellation)
    {
        IPAddress[] found = IPAddress.TryParse(endPoint.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(endPoint.Host, cancellation);
        var allowed = Array.FindAll(found, privateAddresses ? PublicAddresses.IsHost : PublicAddresses.Contains);

        if (allowed.Length == 0 && found.Length > 0)
            throw new AddressRefusedException($"The host '{endPoint.Host}' has no public address, and the plugin's configuration grants no other (privateAddresses).");

        SocketException? failure = null;

        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

            try
            {
                await socket.ConnectAsync(address, endPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                failure = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}
