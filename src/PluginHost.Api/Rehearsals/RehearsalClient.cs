using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PluginHost.Api.Rehearsals;

/// <summary>Sends requests to the rehearsal. <see cref="HttpClient"/> would have to be compiled too, and that takes longer than all that it is needed for.</summary>
internal sealed class RehearsalClient(IPEndPoint server, string key)
{
    /// <exception cref="InvalidOperationException">The answer is not one of success.</exception>
    public async Task SendAsync(string method, string path, string contentType, ReadOnlyMemory<byte> body)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var head = $"{method} {path} HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer {key}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";

        await socket.ConnectAsync(server);
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));

        for (var sent = 0; sent < body.Length;)
            sent += await socket.SendAsync(body[sent..]);

        var answer = new byte[16 * 1024];
        var length = 0;

        while (await socket.ReceiveAsync(answer.AsMemory(length)) is > 0 and var received)
            length = Math.Min(length + received, answer.Length - 1);

        var status = Encoding.ASCII.GetString(answer, 0, Math.Min(length, 12));

        if (!status.StartsWith("HTTP/1.1 2", StringComparison.Ordinal))
            throw new InvalidOperationException($"{method} {path} was answered with '{status}'.");
    }
}
