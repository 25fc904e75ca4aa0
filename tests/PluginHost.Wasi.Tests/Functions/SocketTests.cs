using System.Net;
using System.Net.Sockets;
using System.Text;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>Sockets that a guest has from the start: 3 listens, 4 is connected.</summary>
public sealed class SocketTests : IDisposable
{
    private const uint Listener = 3;
    private const uint Connected = 4;
    private const uint RoFlags = Guest.Result + 8;
    private const uint Subscription = 4096;
    private const uint Events = 8192;

    private static readonly ExecutionBudget Soon = new(TimeSpan.FromMilliseconds(40));

    private IPEndPoint _address = null!;
    private Socket _peer = null!;
    private Guest _guest = null!;

    private void Start(string engine)
    {
        var listener = Listen();
        _address = (IPEndPoint)listener.LocalEndPoint!;
        using var other = Listen();
        _peer = Connect((IPEndPoint)other.LocalEndPoint!);
        _guest = new Guest(engine, new WasiOptions { Sockets = [listener, other.Accept()] });
    }

    [Theory]
    [EngineData]
    public void FdFdstatGet_OfASocket_IsAStreamSocket(string engine)
    {
        Start(engine);
        var errno = _guest.Call("fd_fdstat_get", Connected, Guest.Result);

        Assert.Equal((Errno.Success, (byte)6), (errno, _guest.Bytes(Guest.Result, 1)[0]));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_prestat_get", Listener, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void SockAccept_OfAConnection_IsANewDescriptor(string engine)
    {
        Start(engine);
        using var client = Connect(_address);
        client.Send("hello"u8);

        var errno = _guest.Call("sock_accept", Listener, 0, Guest.Result);
        var connection = _guest.UInt32(Guest.Result);
        var read = _guest.Read(connection, 100, out var text);
        var write = _guest.Write(connection, "answer", out var written);

        Assert.Equal((Errno.Success, 5u), (errno, connection));
        Assert.Equal((Errno.Success, "hello"), (read, text));
        Assert.Equal((Errno.Success, 6u), (write, written));
        Assert.Equal("answer", Receive(client, 6));
    }

    [Theory]
    [EngineData]
    public void SockAccept_WithNobodyThere_WaitsUntilTheDeadline(string engine)
    {
        Start(engine);
        var trap = Assert.Throws<TrapException>(() => _guest.Call("sock_accept", Soon, Listener, 0, Guest.Result));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void SockAccept_WithNobodyThereWithoutBlocking_IsAgain(string engine)
    {
        Start(engine);
        var set = _guest.Call("fd_fdstat_set_flags", Listener, 4);
        var errno = _guest.Call("sock_accept", Listener, 0, Guest.Result);
        _guest.Call("fd_fdstat_get", Listener, Guest.Result);

        Assert.Equal((Errno.Success, Errno.Again), (set, errno));
        Assert.Equal(4, _guest.Bytes(Guest.Result + 2, 1)[0]);
    }

    [Theory]
    [EngineData]
    public void SockAccept_OfAWrongKind_SaysWhy(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.NotSocket, _guest.Call("sock_accept", 1, 0, Guest.Result));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("sock_accept", 99, 0, Guest.Result));
        Assert.Equal(Errno.Invalid, _guest.Call("sock_accept", Listener, 1, Guest.Result));
        _peer.Send("x"u8);
        Assert.Equal(Errno.Invalid, _guest.Call("sock_accept", Connected, 0, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void SockRecv_OfBytes_FillsTheBuffers(string engine)
    {
        Start(engine);
        _peer.Send("hello"u8);
        _guest.PutWords(Guest.List, Guest.Buffer, 2, Guest.Buffer + 10, 100);
        _guest.PutWords(RoFlags, uint.MaxValue);

        var errno = _guest.Call("sock_recv", Connected, Guest.List, 2, 0, Guest.Result, RoFlags);

        Assert.Equal((Errno.Success, 5u, 0xFFFF0000), (errno, _guest.UInt32(Guest.Result), _guest.UInt32(RoFlags)));
        Assert.Equal("he"u8.ToArray(), _guest.Bytes(Guest.Buffer, 2));
        Assert.Equal("llo"u8.ToArray(), _guest.Bytes(Guest.Buffer + 10, 3));
    }

    [Theory]
    [EngineData]
    public void SockRecv_ToPeek_LeavesTheBytes(string engine)
    {
        Start(engine);
        _peer.Send("hello"u8);
        _guest.PutWords(Guest.List, Guest.Buffer, 2, Guest.Buffer + 2, 2);

        var peek = _guest.Call("sock_recv", Connected, Guest.List, 2, 1, Guest.Result, RoFlags);
        var peeked = _guest.UInt32(Guest.Result);
        var read = _guest.Read(Connected, 100, out var text);

        Assert.Equal((Errno.Success, 2u), (peek, peeked));
        Assert.Equal((Errno.Success, "hello"), (read, text));
    }

    [Theory]
    [EngineData]
    public async Task SockRecv_OfAll_WaitsForTheRest(string engine)
    {
        Start(engine);
        _peer.Send("hel"u8);
        _guest.PutWords(Guest.List, Guest.Buffer, 4, Guest.Buffer + 10, 4);

        var sending = Task.Run(async () =>
        {
            await Task.Delay(30);
            _peer.Send("lo wor"u8);
        });
        var errno = _guest.Call("sock_recv", Connected, Guest.List, 2, 2, Guest.Result, RoFlags);
        await sending;

        Assert.Equal((Errno.Success, 8u), (errno, _guest.UInt32(Guest.Result)));
        Assert.Equal("hell"u8.ToArray(), _guest.Bytes(Guest.Buffer, 4));
        Assert.Equal("o wo"u8.ToArray(), _guest.Bytes(Guest.Buffer + 10, 4));
    }

    [Theory]
    [EngineData]
    public void SockRecv_OfAllBeforeTheOtherSideEnds_GivesWhatCame(string engine)
    {
        Start(engine);
        _peer.Send("hel"u8);
        _peer.Shutdown(SocketShutdown.Send);
        _guest.PutWords(Guest.List, Guest.Buffer, 10);

        var errno = _guest.Call("sock_recv", Connected, Guest.List, 1, 2, Guest.Result, RoFlags);

        Assert.Equal((Errno.Success, 3u), (errno, _guest.UInt32(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void SockRecvAndFdRead_WithNothingThere_WaitUntilTheDeadline(string engine)
    {
        Start(engine);
        _guest.PutWords(Guest.List, Guest.Buffer, 10);

        var receive = Assert.Throws<TrapException>(() => _guest.Call("sock_recv", Soon, Connected, Guest.List, 1, 0, Guest.Result, RoFlags));
        var read = Assert.Throws<TrapException>(() => _guest.Call("fd_read", Soon, Connected, Guest.List, 1, Guest.Result));

        Assert.Equal((TrapKind.DeadlineExceeded, TrapKind.DeadlineExceeded), (receive.Kind, read.Kind));
    }

    [Theory]
    [EngineData]
    public void SockRecvAndFdRead_WithNothingThereWithoutBlocking_AreAgain(string engine)
    {
        Start(engine);
        _guest.Call("fd_fdstat_set_flags", Connected, 4);
        _guest.PutWords(Guest.List, Guest.Buffer, 10);

        Assert.Equal(Errno.Again, _guest.Call("sock_recv", Connected, Guest.List, 1, 0, Guest.Result, RoFlags));
        Assert.Equal(Errno.Again, _guest.Call("fd_read", Connected, Guest.List, 1, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void SockSend_OfBuffers_ArrivesInOrder(string engine)
    {
        Start(engine);
        _guest.Put(Guest.Buffer, "helloworld"u8);
        _guest.PutWords(Guest.List, Guest.Buffer + 5, 5, Guest.Buffer, 5);

        var errno = _guest.Call("sock_send", Connected, Guest.List, 2, 0, Guest.Result);

        Assert.Equal((Errno.Success, 10u), (errno, _guest.UInt32(Guest.Result)));
        Assert.Equal("worldhello", Receive(_peer, 10));
        Assert.Equal(Errno.Invalid, _guest.Call("sock_send", Connected, Guest.List, 2, 1, Guest.Result));
        Assert.Equal(Errno.NotSocket, _guest.Call("sock_send", 1, Guest.List, 2, 0, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void SockSend_ToOneWhoDoesNotRead_WaitsUntilTheDeadline(string engine)
    {
        Start(engine);
        _guest.PutWords(Guest.List, Guest.Buffer, 65_536);

        var trap = Assert.Throws<TrapException>(() =>
        {
            for (var i = 0; i < 10_000; i++)
                _guest.Call("sock_send", Soon, Connected, Guest.List, 1, 0, Guest.Result);
        });

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void SockShutdown_OfWriting_IsTheEndForTheOtherSide(string engine)
    {
        Start(engine);
        var errno = _guest.Call("sock_shutdown", Connected, 2);

        Assert.Equal(Errno.Success, errno);
        Assert.Equal(0, _peer.Receive(new byte[1]));
        Assert.Equal(Errno.Pipe, _guest.Write(Connected, "x", out _));
        Assert.Equal(Errno.Invalid, _guest.Call("sock_shutdown", Connected, 0));
        Assert.Equal(Errno.Invalid, _guest.Call("sock_shutdown", Connected, 4));
        Assert.Equal(Errno.NotSocket, _guest.Call("sock_shutdown", 1, 1));
    }

    [Theory]
    [EngineData]
    public void PollOneoff_OfASocket_WaitsForBytes(string engine)
    {
        Start(engine);
        PutRead(Connected);

        var nothing = Assert.Throws<TrapException>(() => _guest.Call("poll_oneoff", Soon, Subscription, Events, 1, Guest.Result));
        _peer.Send("hello"u8);
        var errno = _guest.Call("poll_oneoff", Subscription, Events, 1, Guest.Result);

        Assert.Equal(TrapKind.DeadlineExceeded, nothing.Kind);
        Assert.Equal((Errno.Success, 1u, 5UL), (errno, _guest.UInt32(Guest.Result), _guest.UInt64(Events + 16)));
    }

    [Theory]
    [EngineData]
    public void PollOneoff_OfAListener_WaitsForAConnection(string engine)
    {
        Start(engine);
        PutRead(Listener);
        using var client = Connect(_address);

        var errno = _guest.Call("poll_oneoff", Subscription, Events, 1, Guest.Result);

        Assert.Equal((Errno.Success, 1u), (errno, _guest.UInt32(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void SockAccept_WithAllDescriptorsInUse_IsTooMany(string engine)
    {
        Start(engine);
        using var guest = new Guest(engine, new WasiOptions { MaximumDescriptors = 4, Sockets = [Listen()] });
        Assert.IsType<SocketDescriptor>(guest.Context.Descriptors.Find(Listener));

        Assert.Equal(Errno.TooManyOpen, guest.Call("sock_accept", Listener, 0, Guest.Result));
    }

    [Fact]
    public void Context_WithADatagramSocket_IsRefused()
    {
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        Assert.Throws<ArgumentException>(() => new WasiContext(new WasiOptions { Sockets = [datagrams] }));
    }

    public void Dispose()
    {
        _guest?.Dispose();
        _peer?.Dispose();
    }

    private void PutRead(uint descriptor)
    {
        _guest.Memory.Span(Subscription, 48).Clear();
        _guest.PutWords(Subscription + 8, 1);
        _guest.PutWords(Subscription + 16, descriptor);
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static Socket Connect(IPEndPoint address)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(address);
        return client;
    }

    private static string Receive(Socket socket, int count)
    {
        var bytes = new byte[count];

        for (var done = 0; done < count;)
            done += socket.Receive(bytes.AsSpan(done)) is var received and > 0 ? received : throw new EndOfStreamException();

        return Encoding.UTF8.GetString(bytes);
    }
}
