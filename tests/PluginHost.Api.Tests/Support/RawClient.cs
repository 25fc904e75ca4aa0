using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PluginHost.Api.Tests.Support;

/// <summary>A client that goes on sending whatever the server says, and reads the answer meanwhile.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly Uri _server;

    public RawClient(Uri server)
    {
        _server = server;
        _client.Connect(server.Host, server.Port);
    }

    /// <summary>The bytes that the server has let go out.</summary>
    public long Sent { get; private set; }

    /// <summary>Sends a body of zeros in chunks, and returns the answer's first line.</summary>
    public async Task<string?> SendChunksAsync(string path, string contentType, long length, string start = "")
    {
        var stream = _client.GetStream();
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost:{_server.Port}\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));

        if (start.Length > 0)
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start.Length:x}\r\n{start}\r\n")));

        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var answer = reader.ReadLineAsync();
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];

        try
        {
            while (Sent < length && !answer.IsCompleted)
            {
                await stream.WriteAsync(chunk);
                Sent += 0x10000;
            }
        }
        catch (IOException)
        {
            // The server has closed the connection: its answer may still be read.
        }

        return await answer;
    }

    public void Dispose() => _client.Dispose();
}
