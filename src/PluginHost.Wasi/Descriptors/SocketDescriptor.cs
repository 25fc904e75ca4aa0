using System.Net.Sockets;

namespace PluginHost.Wasi.Descriptors;

/// <summary>A stream socket, listening or connected. It never makes the host's thread wait: what would is <see cref="Errno.Again"/>.</summary>
internal sealed class SocketDescriptor : Descriptor
{
    private const Rights OfSocket = Rights.Read | Rights.Write | Rights.SetFlags | Rights.FileStatGet | Rights.Poll | Rights.Shutdown | Rights.Accept;

    private readonly Socket _socket;

    /// <exception cref="ArgumentException">It is no stream socket.</exception>
    public SocketDescriptor(Socket socket)
        : this(socket, OfSocket, OfSocket)
    {
    }

    private SocketDescriptor(Socket socket, Rights rights, Rights inheriting)
        : base(FileType.SocketStream, rights, inheriting)
    {
        if (socket.SocketType != SocketType.Stream)
            throw new ArgumentException($"a guest can be given stream sockets, not one of type {socket.SocketType}", nameof(socket));

        _socket = socket;
        _socket.Blocking = false;
    }

    public override Errno Read(Span<byte> buffer, out int read) => Receive(buffer, peek: false, out read);

    public override Errno Write(ReadOnlySpan<byte> bytes, out int written) => Send(bytes, out written);

    public override Errno SetFlags(DescriptorFlags flags)
    {
        Flags = flags & DescriptorFlags.NonBlocking;
        return Errno.Success;
    }

    public override Errno Accept(DescriptorFlags flags, out Descriptor? connection)
    {
        connection = null;

        try
        {
            // Asked before, as most of a wait is spent with nobody there and an exception would say so.
            if (!_socket.Poll(0, SelectMode.SelectRead))
                return Errno.Again;

            connection = new SocketDescriptor(_socket.Accept(), InheritingRights & ~Rights.Accept, InheritingRights) { Flags = flags };
            return Errno.Success;
        }
        catch (SocketException exception)
        {
            return ToErrno(exception.SocketErrorCode);
        }
        catch (InvalidOperationException)
        {
            // It does not listen.
            return Errno.Invalid;
        }
    }

    public override Errno Shutdown(byte how)
    {
        try
        {
            _socket.Shutdown(how switch { 1 => SocketShutdown.Receive, 2 => SocketShutdown.Send, _ => SocketShutdown.Both });
            return Errno.Success;
        }
        catch (SocketException exception)
        {
            return ToErrno(exception.SocketErrorCode);
        }
    }

    public override Errno Receive(Span<byte> buffer, bool peek, out int received)
    {
        received = _socket.Receive(buffer, peek ? SocketFlags.Peek : SocketFlags.None, out var error);
        return ToErrno(error);
    }

    public override Errno Send(ReadOnlySpan<byte> bytes, out int sent)
    {
        sent = _socket.Send(bytes, SocketFlags.None, out var error);
        return ToErrno(error);
    }

    public override long? ReadyToRead()
    {
        try
        {
            return _socket.Poll(0, SelectMode.SelectRead) ? Math.Max(_socket.Available, 0) : null;
        }
        catch (SocketException)
        {
            // A listener has connections, not bytes; and what has failed is ready, so that the next call says how.
            return 0;
        }
    }

    public override bool IsReadyToWrite()
    {
        try
        {
            return _socket.Poll(0, SelectMode.SelectWrite) || _socket.Poll(0, SelectMode.SelectError);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        if (disposing)
            _socket.Dispose();
    }

    private static Errno ToErrno(SocketError error) => error switch
    {
        SocketError.Success => Errno.Success,
        SocketError.WouldBlock or SocketError.TryAgain => Errno.Again,
        SocketError.NotConnected => Errno.NotConnected,
        SocketError.ConnectionReset => Errno.ConnectionReset,
        SocketError.Shutdown or SocketError.ConnectionAborted => Errno.Pipe,
        SocketError.InvalidArgument => Errno.Invalid,
        SocketError.TooManyOpenSockets => Errno.TooManyOpen,
        SocketError.AccessDenied => Errno.Access,
        SocketError.NoBufferSpaceAvailable => Errno.NoMemory,
        SocketError.Interrupted => Errno.Interrupted,
        SocketError.OperationNotSupported => Errno.NotSupported,
        _ => Errno.IO,
    };
}
