using System.Buffers.Binary;
using System.Text;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class DirectoryReadingTests : IDisposable
{
    private readonly GrantedDirectory _directory = new();
    private Guest _guest = null!;

    private void Start(string engine) => _guest = new Guest(engine, _directory);

    [Theory]
    [EngineData]
    public void FdReaddir_OfADirectory_HasItsEntriesWithTypeAndInode(string engine)
    {
        Start(engine);
        File.WriteAllText(_directory["file"], "");
        Directory.CreateDirectory(_directory["directory"]);
        File.CreateSymbolicLink(_directory["link"], "file");

        var entries = Read(0, 4096, out var used);

        Assert.Equal([(".", 3), ("..", 3), ("directory", 3), ("file", 4), ("link", 7)], entries.Select(entry => (entry.Name, (int)entry.Type)).Order());
        Assert.Equal([1UL, 2, 3, 4, 5], entries.Select(entry => entry.Next));
        Assert.True(used < 4096);
        Assert.Equal(Errno.Success, _guest.Status("file"));
        Assert.Equal(_guest.UInt64(Guest.Buffer + 8), entries.Single(entry => entry.Name == "file").Inode);
    }

    [Theory]
    [EngineData]
    public void FdReaddir_IntoASmallBuffer_FillsItAndCutsTheLastEntry(string engine)
    {
        Start(engine);
        File.WriteAllText(_directory["a-long-name"], "");

        Read(0, 60, out var used);
        var rest = Read(1, 4096, out _);

        Assert.Equal(60u, used);
        Assert.Equal(2, rest.Count);
    }

    [Theory]
    [EngineData(1u)]
    [EngineData(30u)]
    [EngineData(64u)]
    [EngineData(1000u)]
    [EngineData(65_536u)]
    public void FdReaddir_FromCookieToCookie_GivesEveryEntryOnce(string engine, uint length)
    {
        Start(engine);
        for (var i = 0; i < 1500; i++)
            File.WriteAllText(_directory[$"some-name-that-takes-room-{i:0000}"], "");

        var names = new List<string>();
        var cookie = 0UL;
        var room = Math.Max(length, 60);

        while (Read(cookie, room, out var used) is { Count: > 0 } entries)
        {
            names.AddRange(entries.Select(entry => entry.Name));
            cookie = entries[^1].Next;
            Assert.True(used <= room);
        }

        Assert.Equal(1502, names.Count);
        Assert.Equal(1502, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [EngineData]
    public void FdReaddir_WhileEntriesAreRemoved_GivesTheOthersOnce(string engine)
    {
        Start(engine);
        for (var i = 0; i < 1500; i++)
            File.WriteAllText(_directory[$"some-name-that-takes-room-{i:0000}"], "");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var cookie = 0UL;

        while (Read(cookie, 500, out _) is { Count: > 0 } entries)
        {
            foreach (var entry in entries.Where(entry => entry.Type == FileType.RegularFile))
            {
                Assert.True(seen.Add(entry.Name));
                File.Delete(_directory[entry.Name]);
            }

            cookie = entries[^1].Next;
        }

        Assert.Equal(1500, seen.Count);
        Assert.Empty(Directory.GetFiles(_directory.Granted));
    }

    [Theory]
    [EngineData]
    public void FdReaddir_FromTheStartAgain_LooksAnew(string engine)
    {
        Start(engine);
        var before = Read(0, 4096, out _);
        File.WriteAllText(_directory["new"], "");

        var after = Read(0, 4096, out _);

        Assert.Equal((2, 3), (before.Count, after.Count));
    }

    [Theory]
    [EngineData]
    public void FdReaddir_FromACookieLongPassed_GoesBack(string engine)
    {
        Start(engine);
        for (var i = 0; i < 3000; i++)
            File.WriteAllText(_directory[$"some-name-that-takes-room-{i:0000}"], "");

        var all = new List<string>();

        for (var cookie = 0UL; Read(cookie, 4096, out _) is { Count: > 0 } entries; cookie = entries[^1].Next)
            all.AddRange(entries.Select(entry => entry.Name));

        Assert.Equal(all[10], Read(10, 4096, out _)[0].Name);
        Assert.Equal(all[2990], Read(2990, 4096, out _)[0].Name);
    }

    [Theory]
    [EngineData(3UL)]
    [EngineData(1_000_000UL)]
    [EngineData(ulong.MaxValue)]
    public void FdReaddir_FromACookieBehindTheEnd_IsEmpty(string engine, ulong cookie)
    {
        Start(engine);
        var entries = Read(cookie, 4096, out var used);

        Assert.Empty(entries);
        Assert.Equal(0u, used);
    }

    [Theory]
    [EngineData]
    public void FdReaddir_OfADirectoryThatWasRemoved_IsEmpty(string engine)
    {
        Start(engine);
        Directory.CreateDirectory(_directory["gone"]);
        _guest.Open("gone", out var gone, OpenFlags.Directory);
        Directory.Delete(_directory["gone"]);

        var errno = _guest.Call("fd_readdir", gone, Guest.Buffer, 4096, 0, Guest.Result);

        Assert.Equal((Errno.Success, 0u), (errno, _guest.UInt32(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void FdReaddir_OfAFile_IsNotCapable(string engine)
    {
        Start(engine);
        File.WriteAllText(_directory["file"], "");
        _guest.Open("file", out var file);

        Assert.Equal(Errno.NotCapable, _guest.Call("fd_readdir", file, Guest.Buffer, 4096, 0, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void Names_ThatAreNoUtf8_AreBytes(string engine)
    {
        Start(engine);
        Assert.Equal(Errno.Success, _guest.Open("\u00ff\u00fe\u0080", out _, OpenFlags.Create));

        var entries = Read(0, 4096, out _);

        Assert.Contains("\u00ff\u00fe\u0080", entries.Select(entry => entry.Name));
        Assert.Equal(Errno.Success, _guest.Status("\u00ff\u00fe\u0080"));
        Assert.Equal(Errno.Success, _guest.OnPath("path_unlink_file", "\u00ff\u00fe\u0080"));
    }

    public void Dispose()
    {
        _guest?.Dispose();
        _directory.Dispose();
    }

    /// <summary>The entries that are whole in the buffer.</summary>
    private List<(ulong Next, ulong Inode, FileType Type, string Name)> Read(ulong cookie, uint length, out uint used)
    {
        Assert.Equal(Errno.Success, _guest.Call("fd_readdir", Guest.Root, Guest.Buffer, length, cookie, Guest.Result));
        used = _guest.UInt32(Guest.Result);
        var bytes = _guest.Bytes(Guest.Buffer, used);
        var entries = new List<(ulong, ulong, FileType, string)>();

        for (var at = 0; at + 24 <= bytes.Length;)
        {
            var head = bytes.AsSpan(at, 24);
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(head[16..]);

            if (at + 24 + nameLength > bytes.Length)
                break;

            entries.Add((BinaryPrimitives.ReadUInt64LittleEndian(head), BinaryPrimitives.ReadUInt64LittleEndian(head[8..]), (FileType)head[20],
                Encoding.Latin1.GetString(bytes, at + 24, nameLength)));
            at += 24 + nameLength;
        }

        return entries;
    }
}
