using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>Ways out of a granted directory, each tried with the kernel's resolution of paths and with the host's own.</summary>
public sealed class PathEscapeTests : IDisposable
{
    private readonly GrantedDirectory _directory = new();

    public PathEscapeTests()
    {
        Directory.CreateDirectory(_directory["sub/deeper"]);
        File.WriteAllText(_directory["file.txt"], "inside");
        File.CreateSymbolicLink(_directory["up"], "../secret.txt");
        File.CreateSymbolicLink(_directory["absolute"], _directory.Secret);
        File.CreateSymbolicLink(_directory["outside"], "..");
        File.CreateSymbolicLink(_directory["root"], "/");
        File.CreateSymbolicLink(_directory["twice"], "up");
        File.CreateSymbolicLink(_directory["sub/up"], "../../secret.txt");
        File.CreateSymbolicLink(_directory["sub/around"], "../outside/secret.txt");
    }

    public static TheoryData<string, bool> Escapes()
    {
        var data = new TheoryData<string, bool>();

        foreach (var path in new[]
        {
            "../secret.txt", "sub/../../secret.txt", "./../secret.txt", "sub/deeper/../../../secret.txt", "/etc/passwd", "//etc/passwd", "..", "../", "../.", "sub/../..",
            "../granted/file.txt", "up", "absolute", "outside/secret.txt", "outside/granted/file.txt", "root/etc/passwd", "twice", "sub/up", "sub/around", "outside",
            "root", "outside/", "root/.", "sub/deeper/../../outside/secret.txt",
        })
        {
            data.Add(path, true);
            data.Add(path, false);
        }

        return data;
    }

    [Theory]
    [EngineMemberData(nameof(Escapes))]
    public void PathOpen_OfWhatLiesOutside_IsNotPermitted(string engine, string path, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);

        var errno = guest.Open(path, out var opened);

        Assert.Equal(Errno.NotPermitted, errno);
        Assert.Equal(uint.MaxValue, opened);
    }

    [Theory]
    [EngineMemberData(nameof(Escapes))]
    public void PathFilestatGet_OfWhatLiesOutside_IsNotPermitted(string engine, string path, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);

        var errno = guest.Status(path);

        Assert.Equal(Errno.NotPermitted, errno);
    }

    [Theory]
    [EngineData("../new", true)]
    [EngineData("../new", false)]
    [EngineData("outside/new", true)]
    [EngineData("outside/new", false)]
    [EngineData("root/tmp/new", true)]
    [EngineData("root/tmp/new", false)]
    [EngineData("/tmp/new", true)]
    [EngineData("/tmp/new", false)]
    public void Changes_OutsideOfTheDirectory_AreNotPermitted(string engine, string path, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        var before = Directory.GetFileSystemEntries(Path.GetDirectoryName(_directory.Granted)!).Order().ToList();

        Errno[] answers =
        [
            guest.Open(path, out _, OpenFlags.Create), guest.OnPath("path_create_directory", path), guest.OnPath("path_unlink_file", path),
            guest.OnPath("path_remove_directory", path), guest.Rename("file.txt", path), guest.Rename(path, "here"), guest.Link("file.txt", path),
            guest.Link(path, "here"), guest.SymbolicLink("file.txt", path), guest.ReadLink(path, out _),
        ];

        Assert.All(answers, errno => Assert.Equal(Errno.NotPermitted, errno));
        Assert.Equal(before, Directory.GetFileSystemEntries(Path.GetDirectoryName(_directory.Granted)!).Order());
        Assert.Equal("inside", File.ReadAllText(_directory["file.txt"]));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void PathOpen_ThatCreatesThroughADanglingLinkOut_CreatesNothing(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        File.CreateSymbolicLink(_directory["dangling"], "../made.txt");

        var errno = guest.Open("dangling", out _, OpenFlags.Create);

        Assert.Equal(Errno.NotPermitted, errno);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(_directory.Granted)!, "made.txt")));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void PathOpen_OfALinkThatStaysInside_Follows(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        File.CreateSymbolicLink(_directory["sub/deeper/inside"], "../.././sub//../file.txt");
        File.CreateSymbolicLink(_directory["directory"], "sub/deeper");
        File.CreateSymbolicLink(_directory["chain"], "directory/inside");

        var errno = guest.Open("chain", out var opened);
        var read = guest.Read(opened, 100, out var text);

        Assert.Equal((Errno.Success, Errno.Success, "inside"), (errno, read, text));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void PathOpen_OfALoopOfLinks_Ends(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        File.CreateSymbolicLink(_directory["a"], "b");
        File.CreateSymbolicLink(_directory["b"], "a");
        File.CreateSymbolicLink(_directory["self"], "self/self");

        Errno[] answers = [guest.Open("a", out _), guest.Open("a/file", out _), guest.Open("self", out _), guest.Open("self/x/y", out _), guest.Open("a", out _, OpenFlags.Create)];

        Assert.All(answers, errno => Assert.Equal(Errno.Loop, errno));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void PathOpen_OfALinkNotToBeFollowed_IsALoop(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        File.CreateSymbolicLink(_directory["link"], "file.txt");

        var errno = guest.Open("link", out _, follow: false);

        Assert.Equal(Errno.Loop, errno);
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void Paths_WhileAnotherThreadSwapsDirectoriesForLinks_NeverLeadOut(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        Directory.CreateDirectory(_directory["swap/inner"]);
        File.WriteAllText(_directory["swap/inner/secret.txt"], "inside");
        File.WriteAllText(_directory["swap/secret.txt"], "inside");
        File.CreateSymbolicLink(_directory["swapped"], "..");
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            using var other = new Guest(engine, _directory);

            while (!stop.IsCancellationRequested)
            {
                other.Rename("swap", "kept");
                other.Rename("swapped", "swap");
                other.Rename("swap", "swapped");
                other.Rename("kept", "swap");
            }
        });
        var read = new HashSet<string>(StringComparer.Ordinal);

        swapper.Start();

        for (var round = 0; round < 4000; round++)
        {
            foreach (var path in (string[])["swap/secret.txt", "swap/inner/../secret.txt", "swap/inner/../../swap/secret.txt"])
            {
                if (guest.Open(path, out var opened) == Errno.Success)
                {
                    Assert.Equal(Errno.Success, guest.Read(opened, 100, out var text));
                    Assert.Equal(Errno.Success, guest.Call("fd_close", opened));
                    read.Add(text);
                }
            }
        }

        stop.Cancel();
        swapper.Join();

        Assert.Equal(["inside"], read);
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void GoingUp_FromADirectoryMovedAway_StaysBeneathTheOneThatWasGranted(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);
        Assert.Equal(Errno.Success, guest.Open("sub/deeper", out var deeper, OpenFlags.Directory));
        Directory.Move(_directory["sub/deeper"], _directory["moved"]);

        Errno[] answers = [guest.Open("..", out _, directory: deeper), guest.Open("../file.txt", out _, directory: deeper), guest.Open("../../secret.txt", out _, directory: deeper)];

        Assert.All(answers, errno => Assert.Equal(Errno.NotPermitted, errno));
    }

    [Theory]
    [EngineData(true)]
    [EngineData(false)]
    public void RemovingTheGrantedDirectory_IsRefused(string engine, bool kernelResolves)
    {
        using var guest = new Guest(engine, _directory, kernelResolves);

        Errno[] answers = [guest.OnPath("path_remove_directory", "."), guest.OnPath("path_remove_directory", "sub/.."), guest.OnPath("path_unlink_file", "."), guest.Rename(".", "sub/new")];

        Assert.All(answers, errno => Assert.NotEqual(Errno.Success, errno));
        Assert.True(Directory.Exists(_directory.Granted));
    }

    [Theory]
    [InlineData("outside", true)]
    [InlineData("outside", false)]
    [InlineData("root/etc", true)]
    [InlineData("root/etc", false)]
    [InlineData("..", true)]
    [InlineData("..", false)]
    public void Preopen_ThatHasComeToLieOutsideOfWhereItMust_IsRefused(string path, bool kernelResolves)
    {
        var preopen = new Preopen(_directory[path], "/data", false) { Within = _directory.Granted };

        Assert.Throws<IOException>(() => DirectoryDescriptor.Open(preopen, kernelResolves));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData("sub/deeper", true)]
    [InlineData("sub/deeper", false)]
    public void Preopen_ThatLiesWhereItMust_CanBeRead(string path, bool kernelResolves)
    {
        using var directory = DirectoryDescriptor.Open(new Preopen(_directory[path], "/data", false) { Within = _directory.Granted }, kernelResolves);

        Assert.Equal(Errno.Success, directory.ReadDirectory(0, out var entry));
        Assert.NotNull(entry);
    }

    public void Dispose() => _directory.Dispose();
}
