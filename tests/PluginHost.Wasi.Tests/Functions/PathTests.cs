using System.Diagnostics;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>What the path functions do where nothing tries to get out.</summary>
public sealed class PathTests : IDisposable
{
    private readonly GrantedDirectory _directory = new();
    private Guest _guest = null!;

    private void Start(string engine)
    {
        Directory.CreateDirectory(_directory["sub"]);
        File.WriteAllText(_directory["file.txt"], "inside");
        File.WriteAllText(_directory["sub/other.txt"], "other");
        File.CreateSymbolicLink(_directory["link"], "file.txt");
        File.CreateSymbolicLink(_directory["sublink"], "sub");
        _guest = new Guest(engine, _directory);
    }

    [Theory]
    [EngineData("file.txt", OpenFlags.None, Errno.Success)]
    [EngineData("./sub/../file.txt", OpenFlags.None, Errno.Success)]
    [EngineData("sub//other.txt", OpenFlags.None, Errno.Success)]
    [EngineData("sublink/other.txt", OpenFlags.None, Errno.Success)]
    [EngineData("missing", OpenFlags.None, Errno.NoEntry)]
    [EngineData("missing/file", OpenFlags.Create, Errno.NoEntry)]
    [EngineData("file.txt/x", OpenFlags.None, Errno.NotDirectory)]
    [EngineData("file.txt/", OpenFlags.None, Errno.NotDirectory)]
    [EngineData("file.txt/.", OpenFlags.None, Errno.NotDirectory)]
    [EngineData("file.txt/..", OpenFlags.None, Errno.NotDirectory)]
    [EngineData("", OpenFlags.None, Errno.NoEntry)]
    [EngineData("a\0b", OpenFlags.None, Errno.Invalid)]
    [EngineData("file.txt", OpenFlags.Directory, Errno.NotDirectory)]
    [EngineData("sub", OpenFlags.Directory, Errno.Success)]
    [EngineData("sub/", OpenFlags.Directory, Errno.Success)]
    [EngineData("sublink/", OpenFlags.Directory, Errno.Success)]
    [EngineData(".", OpenFlags.Directory, Errno.Success)]
    [EngineData("sub", OpenFlags.None, Errno.IsDirectory)]
    [EngineData("sub", OpenFlags.Create, Errno.IsDirectory)]
    [EngineData("new", OpenFlags.Create, Errno.Success)]
    [EngineData("new/", OpenFlags.Create, Errno.IsDirectory)]
    [EngineData("file.txt", OpenFlags.Create, Errno.Success)]
    [EngineData("file.txt", OpenFlags.Create | OpenFlags.Exclusive, Errno.Exists)]
    [EngineData("link", OpenFlags.Create | OpenFlags.Exclusive, Errno.Exists)]
    [EngineData("new", OpenFlags.Create | OpenFlags.Exclusive, Errno.Success)]
    [EngineData("new", OpenFlags.Create | OpenFlags.Directory, Errno.Invalid)]
    [EngineData("file.txt", (OpenFlags)16, Errno.Invalid)]
    public void PathOpen_ByPathAndFlags_SucceedsOrSaysWhy(string engine, string path, OpenFlags how, Errno expected)
    {
        Start(engine);
        foreach (var kernelResolves in (bool[])[false, true])
        {
            using var guest = new Guest(engine, _directory, kernelResolves);

            var errno = guest.Open(path, out var opened, how);

            Assert.Equal(expected, errno);
            Assert.Equal(expected == Errno.Success ? 4 : uint.MaxValue, opened);
            File.Delete(_directory["new"]);
        }
    }

    [Theory]
    [EngineData]
    public void PathOpen_ToTruncate_EmptiesTheFile(string engine)
    {
        Start(engine);
        var errno = _guest.Open("link", out _, OpenFlags.Truncate);

        Assert.Equal(Errno.Success, errno);
        Assert.Equal("", File.ReadAllText(_directory["file.txt"]));
    }

    [Theory]
    [EngineData]
    public void PathOpen_OfADirectoryForReading_NeedsNoFlag(string engine)
    {
        Start(engine);
        var errno = _guest.Open("sub", out var opened, rights: Rights.Read | Rights.ReadDirectory | Rights.Open);
        var inner = _guest.Open("other.txt", out _, rights: Rights.Read, directory: opened);

        Assert.Equal((Errno.Success, Errno.Success), (errno, inner));
    }

    [Theory]
    [EngineData]
    public void PathOpen_OfPipesAndSocketsAndDevices_IsRefusedWithoutWaiting(string engine)
    {
        Start(engine);
        using var pipe = Process.Start("mkfifo", _directory["pipe"])!;
        pipe.WaitForExit();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_directory["socket"]));

        Errno[] answers = [_guest.Open("pipe", out _), _guest.Open("pipe", out _, rights: Rights.Read), _guest.Open("pipe", out _, rights: Rights.Write), _guest.Open("socket", out _)];

        Assert.All(answers, errno => Assert.Equal(Errno.Access, errno));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void PathOpen_OfCharacterDevices_NeedsTheHostToGrantThem(string engine, bool granted)
    {
        Start(engine);
        using var guest = new Guest(engine, new WasiOptions { Preopens = [new Preopen("/dev", "/dev", IsReadOnly: false) { IncludesDevices = granted }] });
        var expected = granted ? Errno.Success : Errno.Access;

        var zero = guest.Open("zero", out var zeroes, rights: Rights.Read);
        var none = guest.Open("null", out var nothing, OpenFlags.Create | OpenFlags.Truncate);

        Assert.Equal((expected, expected), (zero, none));

        if (granted)
        {
            Assert.Equal((Errno.Success, "\0\0\0"), (guest.Read(zeroes, 3, out var read), read));
            Assert.Equal((Errno.Success, 4u), (guest.Write(nothing, "gone", out var written), written));
            Assert.Equal(Errno.Success, guest.Call("fd_fdstat_get", nothing, Guest.Result));
            Assert.Equal((byte)FileType.CharacterDevice, guest.Bytes(Guest.Result, 1)[0]);
        }
    }

    [Theory]
    [EngineData]
    public void PathOpen_ToTruncateThroughADirectoryThatWasOpenedForReading_EmptiesTheFile(string engine)
    {
        Start(engine);
        // As Go opens the directory of an os.Root.
        var open = _guest.Open("sub", out var sub, OpenFlags.Directory, Rights.OfDirectory & ~Rights.PathFileStatSetSize);

        var truncate = _guest.Open("other.txt", out _, OpenFlags.Create | OpenFlags.Truncate, Rights.Read | Rights.Write, directory: sub);

        Assert.Equal((Errno.Success, Errno.Success), (open, truncate));
        Assert.Equal("", File.ReadAllText(_directory["sub/other.txt"]));
    }

    [Theory]
    [EngineData]
    public void Paths_LongerThanALinuxPath_AreTooLong(string engine)
    {
        Start(engine);
        var longest = string.Concat(Enumerable.Repeat("./", 2043)) + "file.txt";

        Assert.Equal(4094, longest.Length);
        Assert.Equal(Errno.Success, _guest.Open(longest, out _));
        Assert.Equal(Errno.NameTooLong, _guest.Open("./" + longest, out _));
        Assert.Equal(Errno.NameTooLong, _guest.Open(new string('x', 256), out _));
        Assert.Equal(Errno.NameTooLong, _guest.OnPath("path_create_directory", new string('x', 4096)));
        Assert.Equal(Errno.NameTooLong, _guest.Call("path_create_directory", Guest.Root, 0, Guest.End));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void Paths_OfManyLevels_NeverExhaustTheHost(string engine, bool kernelResolves)
    {
        Start(engine);
        using var guest = new Guest(engine, _directory, kernelResolves);
        var deep = "sub";

        for (var i = 0; i < 300; i++)
        {
            deep += "/d";
            Directory.CreateDirectory(_directory[deep]);
        }

        var errno = guest.Open(deep + "/file", out _, OpenFlags.Create);

        // The host's own resolution keeps a directory open for each level, and so bounds them.
        Assert.Equal(kernelResolves && PathResolution.KernelResolves ? Errno.Success : Errno.NameTooLong, errno);
    }

    [Theory]
    [EngineData]
    public void PathOpen_ThroughADirectoryWithFewerRights_HandsOnNoMore(string engine)
    {
        Start(engine);
        _guest.Call("fd_fdstat_set_rights", Guest.Root, (ulong)(Rights.Open | Rights.PathFileStatGet), (ulong)(Rights.Read | Rights.Seek | Rights.Tell));

        var write = _guest.Open("file.txt", out _);
        var create = _guest.Open("new", out _, OpenFlags.Create, Rights.Read);
        var truncate = _guest.Open("file.txt", out _, OpenFlags.Truncate, Rights.Read);
        var read = _guest.Open("file.txt", out var file, rights: Rights.Read | Rights.Advise);
        _guest.Call("fd_fdstat_get", file, Guest.Result);

        Assert.Equal((Errno.NotCapable, Errno.NotCapable, Errno.NotCapable, Errno.Success), (write, create, truncate, read));
        Assert.Equal(Rights.Read, (Rights)_guest.UInt64(Guest.Result + 8));
        Assert.Equal(Errno.NotCapable, _guest.OnPath("path_create_directory", "new"));
    }

    [Theory]
    [EngineData]
    public void EveryChange_InADirectoryGrantedForReading_IsRefusedAsReadOnly(string engine)
    {
        Start(engine);
        using var guest = new Guest(engine, _directory, isReadOnly: true);
        Assert.Equal(Errno.Success, guest.Open("file.txt", out var file, rights: Rights.Read | Rights.Seek));
        Assert.Equal(Errno.Success, guest.Open("sub", out var sub, OpenFlags.Directory));
        var length = guest.PutPath(Guest.FirstPath, "file.txt");

        Errno[] answers =
        [
            guest.Open("file.txt", out _), guest.Open("new", out _, OpenFlags.Create, Rights.Read), guest.Open("file.txt", out _, OpenFlags.Truncate, Rights.Read),
            guest.OnPath("path_create_directory", "new"), guest.OnPath("path_unlink_file", "file.txt"), guest.OnPath("path_remove_directory", "sub"),
            guest.Rename("file.txt", "new"), guest.Link("file.txt", "new"), guest.SymbolicLink("file.txt", "new"), guest.Write(file, "x", out _),
            guest.Call("fd_filestat_set_size", file, 0), guest.Call("fd_filestat_set_times", file, 0, 0, 4), guest.Call("fd_allocate", file, 0, 100),
            guest.Call("path_filestat_set_times", Guest.Root, 0, Guest.FirstPath, length, 0, 0, 4), guest.OnPath("path_unlink_file", "other.txt", sub),
            guest.Open("other.txt", out _, directory: sub), guest.Call("fd_filestat_set_times", Guest.Root, 0, 0, 4),
        ];
        var read = guest.Read(file, 100, out var text);

        Assert.All(answers, errno => Assert.Equal(Errno.ReadOnly, errno));
        Assert.Equal((Errno.Success, "inside"), (read, text));
        Assert.Equal("other", File.ReadAllText(_directory["sub/other.txt"]));
    }

    [Theory]
    [EngineData]
    public void PathRenameAndLink_FromADirectoryForReadingIntoOneForWriting_AreRefused(string engine)
    {
        Start(engine);
        using var other = new GrantedDirectory();
        using var guest = new Guest(engine, new WasiOptions { Preopens = [new Preopen(_directory.Granted, "/read", true), new Preopen(other.Granted, "/write", false)] });
        var (length, newLength) = (guest.PutPath(Guest.FirstPath, "file.txt"), guest.PutPath(Guest.SecondPath, "alias"));

        Errno[] answers =
        [
            guest.Call("path_link", 3, 0, Guest.FirstPath, length, 4, Guest.SecondPath, newLength), guest.Call("path_rename", 3, Guest.FirstPath, length, 4, Guest.SecondPath, newLength),
        ];

        Assert.Equal([Errno.ReadOnly, Errno.ReadOnly], answers);
        Assert.Empty(Directory.GetFileSystemEntries(other.Granted));
    }

    [Theory]
    [EngineData]
    public void PathCreateAndRemoveDirectory_OfADirectory_MakesAndRemovesIt(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.OnPath("path_create_directory", "new"));
        Assert.True(Directory.Exists(_directory["new"]));
        Assert.Equal(Errno.Exists, _guest.OnPath("path_create_directory", "new"));
        Assert.Equal(Errno.Success, _guest.OnPath("path_create_directory", "new/inner/"));
        Assert.Equal(Errno.NotEmpty, _guest.OnPath("path_remove_directory", "new"));
        Assert.Equal(Errno.Success, _guest.OnPath("path_remove_directory", "new/inner/"));
        Assert.Equal(Errno.Success, _guest.OnPath("path_remove_directory", "new"));
        Assert.Equal(Errno.NoEntry, _guest.OnPath("path_remove_directory", "new"));
        Assert.Equal(Errno.NotDirectory, _guest.OnPath("path_remove_directory", "file.txt"));
        Assert.Equal(Errno.NotDirectory, _guest.OnPath("path_remove_directory", "sublink/"));
        Assert.False(Directory.Exists(_directory["new"]));
        Assert.True(Directory.Exists(_directory["sub"]));
    }

    [Theory]
    [EngineData]
    public void PathUnlinkFile_OfALink_RemovesTheLinkOnly(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.OnPath("path_unlink_file", "link"));
        Assert.Equal(Errno.IsDirectory, _guest.OnPath("path_unlink_file", "sub"));
        Assert.Equal(Errno.NotDirectory, _guest.OnPath("path_unlink_file", "file.txt/"));
        Assert.Equal(Errno.NoEntry, _guest.OnPath("path_unlink_file", "missing"));
        Assert.False(File.Exists(_directory["link"]));
        Assert.True(File.Exists(_directory["file.txt"]));
    }

    [Theory]
    [EngineData]
    public void PathRename_OfFilesAndDirectories_ReplacesAsPosixHasIt(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.Rename("file.txt", "sub/other.txt"));
        Assert.Equal("inside", File.ReadAllText(_directory["sub/other.txt"]));
        Assert.Equal(Errno.NoEntry, _guest.Rename("file.txt", "x"));
        Assert.Equal(Errno.Invalid, _guest.Rename("sub", "sub/inner"));
        Assert.Equal(Errno.NotDirectory, _guest.Rename("sub/other.txt", "new/"));
        Assert.Equal(Errno.Success, _guest.Rename("sub/", "moved/"));
        Assert.True(File.Exists(_directory["moved/other.txt"]));
        Assert.Equal(Errno.BadDescriptor, _guest.Rename("moved", "x", target: 99));
    }

    [Theory]
    [EngineData]
    public void PathLink_OfAFile_IsASecondName(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.Link("file.txt", "second"));
        Assert.Equal(Errno.Exists, _guest.Link("file.txt", "second"));
        Assert.Equal(Errno.NotPermitted, _guest.Link("sub", "directory"));
        Assert.Equal(Errno.Success, _guest.Link("link", "link-itself"));
        Assert.Equal(Errno.Success, _guest.Link("link", "linked", follow: true));
        Assert.Equal(Errno.Success, _guest.Status("second"));
        Assert.Equal(3UL, _guest.UInt64(Guest.Buffer + 24));
        Assert.Equal("file.txt", new FileInfo(_directory["link-itself"]).LinkTarget);
        Assert.Null(new FileInfo(_directory["linked"]).LinkTarget);
    }

    [Theory]
    [EngineData]
    public void PathSymlinkAndReadlink_OfATarget_KeepItsBytes(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.SymbolicLink("../anything/at all", "sub/new"));
        Assert.Equal(Errno.Success, _guest.ReadLink("sub/new", out var target));
        Assert.Equal("../anything/at all", target);
        Assert.Equal(Errno.Success, _guest.ReadLink("sub/new", out var cut, room: 5));
        Assert.Equal("../an", cut);
        Assert.Equal(Errno.Success, _guest.ReadLink("sub/new", out var none, room: 0));
        Assert.Equal("", none);
        Assert.Equal(Errno.Invalid, _guest.ReadLink("file.txt", out _));
        Assert.Equal(Errno.NotPermitted, _guest.SymbolicLink("/etc/passwd", "absolute"));
        Assert.Equal(Errno.NoEntry, _guest.SymbolicLink("", "empty"));
        Assert.Equal(Errno.Invalid, _guest.SymbolicLink("a\0b", "nul"));
        Assert.Equal(Errno.Exists, _guest.SymbolicLink("x", "file.txt"));
        Assert.Equal(Errno.NoEntry, _guest.SymbolicLink("x", "new/"));
    }

    [Theory]
    [EngineData]
    public void PathFilestatGet_OfALink_IsTheLinkOrItsTarget(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.Status("link", follow: false));
        Assert.Equal(7, _guest.Bytes(Guest.Buffer + 16, 1)[0]);
        Assert.Equal(Errno.Success, _guest.Status("link"));
        Assert.Equal((4, 6UL), (_guest.Bytes(Guest.Buffer + 16, 1)[0], _guest.UInt64(Guest.Buffer + 32)));
        Assert.Equal(Errno.Success, _guest.Status("sublink/", follow: false));
        Assert.Equal(3, _guest.Bytes(Guest.Buffer + 16, 1)[0]);
        Assert.Equal(Errno.NotDirectory, _guest.Status("link/"));
        Assert.Equal(Errno.Success, _guest.Status("."));
    }

    [Theory]
    [EngineData]
    public void PathFilestatSetTimes_OfALink_ChangesTheLinkOrItsTarget(string engine)
    {
        Start(engine);
        var length = _guest.PutPath(Guest.FirstPath, "link");
        var time = DateTime.UnixEpoch.AddSeconds(7);

        var link = _guest.Call("path_filestat_set_times", Guest.Root, 0, Guest.FirstPath, length, 0, 7_000_000_000, 4);
        var untouched = File.GetLastWriteTimeUtc(_directory["file.txt"]);
        var target = _guest.Call("path_filestat_set_times", Guest.Root, 1, Guest.FirstPath, length, 0, 7_000_000_000, 4);

        Assert.Equal((Errno.Success, Errno.Success), (link, target));
        Assert.NotEqual(time, untouched);
        Assert.Equal(time, File.GetLastWriteTimeUtc(_directory["file.txt"]));
        Assert.Equal(Errno.Invalid, _guest.Call("path_filestat_set_times", Guest.Root, 2, Guest.FirstPath, length, 0, 0, 4));
        Assert.Equal(Errno.Invalid, _guest.Call("path_filestat_set_times", Guest.Root, 0, Guest.FirstPath, length, 0, 0, 12));
    }

    [Theory]
    [EngineData(1u, Errno.NotDirectory)]
    [EngineData(99u, Errno.BadDescriptor)]
    [EngineData(uint.MaxValue, Errno.BadDescriptor)]
    public void Paths_BelowWhatIsNoDirectory_AreRefused(string engine, uint directory, Errno expected)
    {
        Start(engine);
        Errno[] answers = [_guest.Open("file.txt", out _, directory: directory), _guest.OnPath("path_create_directory", "x", directory), _guest.OnPath("path_unlink_file", "x", directory)];

        Assert.All(answers, errno => Assert.Equal(expected, errno));
    }

    [Fact]
    public void Context_WithADirectoryThatDoesNotExist_IsRefusedByName()
    {
        var exception = Assert.Throws<IOException>(() => new WasiContext(new WasiOptions { Preopens = [new Preopen(_directory["missing"], "/data", false)] }));

        Assert.Contains(_directory["missing"], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Context_WithAFileForADirectory_IsRefused()
    {
        Assert.Throws<IOException>(() => new WasiContext(new WasiOptions { Preopens = [new Preopen(_directory["file.txt"], "/data", false)] }));
    }

    public void Dispose()
    {
        _guest?.Dispose();
        _directory.Dispose();
    }
}
