using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PluginHost.Soak;

/// <summary>A client that is killed: it sends some bytes, perhaps reads some, and its connection is reset.</summary>
internal static class RudeClient
{
    /// <param name="read">The bytes of the answer that are still read.</param>
    /// <param name="wait">How long the client lives after its last byte.</param>
    public static async Task SendAsync(int port, string head, ReadOnlyMemory<byte> body, int read, TimeSpan wait)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(head));

            for (var rest = body; rest.Length > 0;)
                rest = rest[await socket.SendAsync(rest[..Math.Min(rest.Length, 32 * 1024)])..];

            if (read > 0)
                await socket.ReceiveAsync(new byte[read]).WaitAsync(TimeSpan.FromSeconds(10));

            await Task.Delay(wait);
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            // The server is down, or was faster in closing.
        }

        // Without lingering, closing is a reset.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    public static string Head(string method, string path, string contentType, int length) => string.Create(
        CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\nContent-Length: {length}\r\n\r\n");
}
