using System.Net;
using System.Net.Sockets;

namespace PluginHost.Testing;

/// <summary>A place for a server of a test's own.</summary>
public static class LoopbackPort
{
    /// <summary>A port of 127.0.0.1 that was free a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
