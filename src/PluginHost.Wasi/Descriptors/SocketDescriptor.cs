using System.Net.Sockets;

namespace PluginHost.Wasi.Descriptors;

/// <summary>A socket, listening or connected.</summary>
internal sealed class SocketDescriptor(Socket socket) : Descriptor(FileType.SocketStream, Rights.All, Rights.All)
{
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        socket.Dispose();
    }
}
