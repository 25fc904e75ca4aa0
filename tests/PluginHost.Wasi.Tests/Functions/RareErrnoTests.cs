using System.Net;
using System.Net.Sockets;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>Errors that come from the system rather than from a check of the host's, and what is left as it was by a call that fails.</summary>
public sealed class RareErrnoTests : IDisposable
{
    private const uint Socket = 4;
    private const uint Second = 4;

    private readonly GrantedDirectory _directory = new();
    private readonly List<IDisposable> _open = [];

    [Theory]
    [EngineData]
    public void FdSeek_WithABadPointer_DoesNotMoveTheOffset(string engine)
    {
        File.WriteAllText(_directory["file.txt"], "inside");
        using var guest = new Guest(engine, _directory);
        Assert.Equal(Errno.Success, guest.Open("file.txt", out var file));

        var errno = guest.Call("fd_seek", file, 3, 0, Guest.End - 7);

        Assert.Equal(Errno.Fault, errno);
        Assert.Equal((Errno.Success, 0UL), (guest.Call("fd_tell", file, Guest.Result), guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void PathOpenAndRead_WithABadPointer_NeitherCreateNorMove(string engine)
    {
        File.WriteAllText(_directory["file.txt"], "inside");
        using var guest = new Guest(engine, _directory);
        Assert.Equal(Errno.Success, guest.Open("file.txt", out var file));
        var length = guest.PutPath(Guest.FirstPath, "new.txt");
        guest.PutWords(Guest.List, Guest.Buffer, 4);

        var open = guest.Call("path_open", Guest.Root, 0, Guest.FirstPath, length, (ulong)OpenFlags.Create, (ulong)Rights.All, (ulong)Rights.All, 0, Guest.End - 3);
        var read = guest.Call("fd_read", file, Guest.List, 1, Guest.End - 3);

        Assert.Equal((Errno.Fault, Errno.Fault), (open, read));
        Assert.False(File.Exists(_directory["new.txt"]));
        Assert.Equal((Errno.Success, "inside"), (guest.Read(file, 100, out var text), text));
    }

    [Theory]
    [EngineData]
    public void SockRecvAndSend_OfAListener_AreNotConnected(string engine)
    {
        using var guest = WithSocket(engine, Listen());
        guest.PutWords(Guest.List, Guest.Buffer, 4);

        Assert.Equal(Errno.NotConnected, guest.Call("sock_recv", 3, Guest.List, 1, 0, Guest.Result, Guest.Result + 8));
        Assert.Equal(Errno.Pipe, guest.Call("sock_send", 3, Guest.List, 1, 0, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void SockRecv_AfterTheOtherSideReset_IsAReset(string engine)
    {
        var listener = Listen();
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(listener.LocalEndPoint!);
        using var guest = WithSocket(engine, listener, listener.Accept());
        guest.PutWords(Guest.List, Guest.Buffer, 4);

        peer.Close(0);

        Assert.Equal(Errno.ConnectionReset, guest.Call("sock_recv", Socket, Guest.List, 1, 0, Guest.Result, Guest.Result + 8));
    }

    [Theory]
    [EngineData]
    public void PathRenameAndLink_AcrossFileSystems_SaySo(string engine)
    {
        if (!HasSharedMemory)
            return;

        File.WriteAllText(_directory["file.txt"], "inside");
        using var guest = WithSharedMemory(engine);
        var (length, newLength) = (guest.PutPath(Guest.FirstPath, "file.txt"), guest.PutPath(Guest.SecondPath, "moved.txt"));

        Assert.Equal(Errno.CrossDevice, guest.Rename("file.txt", "moved.txt", Second));
        Assert.Equal(Errno.CrossDevice, guest.Call("path_link", Guest.Root, 0, Guest.FirstPath, length, Second, Guest.SecondPath, newLength));
        Assert.Equal("inside", File.ReadAllText(_directory["file.txt"]));
    }

    [Theory]
    [EngineData]
    public void FdAllocate_OfMoreThanTheFileSystemHas_IsNoSpace(string engine)
    {
        if (!HasSharedMemory)
            return;

        using var guest = WithSharedMemory(engine);
        Assert.Equal(Errno.Success, guest.Open("large", out var file, OpenFlags.Create, directory: Second));

        Assert.Equal(Errno.NoSpace, guest.Call("fd_allocate", file, 0, 1UL << 50));
        Assert.Equal((Errno.Success, 0UL), (guest.Call("fd_filestat_get", file, Guest.Buffer), guest.UInt64(Guest.Buffer + 32)));
    }

    [Theory]
    [EngineData]
    public void PathRename_OfADirectoryIntoItself_IsInvalid(string engine)
    {
        Directory.CreateDirectory(_directory["a"]);
        using var guest = new Guest(engine, _directory);

        Assert.Equal(Errno.Invalid, guest.Rename("a", "a/b"));
        Assert.True(Directory.Exists(_directory["a"]));
    }

    [Theory]
    [EngineData(256)]
    [EngineData(4_000)]
    public void Names_LongerThanTheFileSystemTakes_AreTooLong(string engine, int length)
    {
        var name = new string('n', length);
        using var guest = new Guest(engine, _directory);

        Errno[] answers =
        [
            guest.Open(name, out _, OpenFlags.Create), guest.OnPath("path_create_directory", name), guest.OnPath("path_remove_directory", name),
            guest.OnPath("path_unlink_file", name), guest.Status(name), guest.ReadLink(name, out _), guest.SymbolicLink("target", name), guest.Rename(name, "other"),
        ];

        Assert.All(answers, errno => Assert.Equal(Errno.NameTooLong, errno));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Granted));
    }

    public void Dispose()
    {
        _open.ForEach(open => open.Dispose());
        _directory.Dispose();
    }

    /// <summary>A file system beside that of the temporary files, with an end; not every Linux has it.</summary>
    private bool HasSharedMemory => Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").DriveFormat == "tmpfs" && new DriveInfo(_directory.Granted).Name != "/dev/shm";

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static Guest WithSocket(string engine, params Socket[] sockets) => new(engine, new WasiOptions { Sockets = sockets });

    private Guest WithSharedMemory(string engine)
    {
        var directory = Directory.CreateDirectory($"/dev/shm/wasi-{Guid.NewGuid():N}");
        _open.Add(new Removal(directory));
        return new Guest(engine, new WasiOptions { Preopens = [new Preopen(_directory.Granted, "/data", false), new Preopen(directory.FullName, "/memory", false)] });
    }

    private sealed class Removal(DirectoryInfo directory) : IDisposable
    {
        public void Dispose() => directory.Delete(recursive: true);
    }
}
