using PluginHost.Wasi.Descriptors;
using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

/// <summary>What works on an open file or on the numbers of descriptors.</summary>
public sealed class FileTests : IDisposable
{
    private readonly GrantedDirectory _directory = new();
    private Guest _guest = null!;

    private void Start(string engine)
    {
        File.WriteAllText(_directory["file.txt"], "0123456789");
        _guest = new Guest(engine, _directory);
    }

    [Theory]
    [EngineData]
    public void FdPrestat_OfADirectory_GivesItsName(string engine)
    {
        Start(engine);
        _guest.PutWords(Guest.Result, 9, 9);

        var errno = _guest.Call("fd_prestat_get", Guest.Root, Guest.Result);
        var name = _guest.Call("fd_prestat_dir_name", Guest.Root, Guest.Buffer, 5);

        Assert.Equal((Errno.Success, 0u, 5u), (errno, _guest.UInt32(Guest.Result), _guest.UInt32(Guest.Result + 4)));
        Assert.Equal(Errno.Success, name);
        Assert.Equal("/data\0"u8.ToArray(), _guest.Bytes(Guest.Buffer, 6));
        Assert.Equal(Errno.NameTooLong, _guest.Call("fd_prestat_dir_name", Guest.Root, Guest.Buffer, 4));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_prestat_get", Guest.Root + 1, Guest.Result));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_prestat_dir_name", Guest.Root + 1, Guest.Buffer, 5));
    }

    [Theory]
    [EngineData]
    public void FdReadAndSeek_OfAFile_MoveItsOffset(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        var first = _guest.Read(file, 4, out var start);
        var seek = _guest.Call("fd_seek", file, unchecked((ulong)-2L), 1, Guest.Result);
        var position = _guest.UInt64(Guest.Result);
        var second = _guest.Read(file, 3, out var middle);
        var tell = _guest.Call("fd_tell", file, Guest.Result);

        Assert.Equal((Errno.Success, "0123"), (first, start));
        Assert.Equal((Errno.Success, 2UL), (seek, position));
        Assert.Equal((Errno.Success, "234"), (second, middle));
        Assert.Equal((Errno.Success, 5UL), (tell, _guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData(0L, 2u, Errno.Success, 10UL)]
    [EngineData(-3L, 2u, Errno.Success, 7UL)]
    [EngineData(100L, 0u, Errno.Success, 100UL)]
    [EngineData(-1L, 0u, Errno.Invalid, 99UL)]
    [EngineData(0L, 3u, Errno.Invalid, 99UL)]
    [EngineData(0L, 256u, Errno.Invalid, 99UL)]
    [EngineData(long.MinValue, 1u, Errno.Invalid, 99UL)]
    public void FdSeek_ByWhence_GoesThereOrIsInvalid(string engine, long offset, uint whence, Errno expected, ulong position)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);
        _guest.PutWords(Guest.Result, 99, 0);

        var errno = _guest.Call("fd_seek", file, (ulong)offset, whence, Guest.Result);

        Assert.Equal((expected, position), (errno, _guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void FdPreadAndPwrite_AtAnOffset_LeaveTheDescriptorsOwnAlone(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);
        _guest.Put(Guest.Buffer, "AB"u8);
        _guest.PutWords(Guest.List, Guest.Buffer, 1, Guest.Buffer + 1, 1);

        var write = _guest.Call("fd_pwrite", file, Guest.List, 2, 5, Guest.Result);
        var written = _guest.UInt32(Guest.Result);
        _guest.PutWords(Guest.List, Guest.Buffer, 2, Guest.Buffer + 10, 2);
        var read = _guest.Call("fd_pread", file, Guest.List, 2, 4, Guest.Result);
        var tell = _guest.Call("fd_tell", file, Guest.Result + 8);

        Assert.Equal((Errno.Success, 2u), (write, written));
        Assert.Equal((Errno.Success, 4u), (read, _guest.UInt32(Guest.Result)));
        Assert.Equal("4A"u8.ToArray(), _guest.Bytes(Guest.Buffer, 2));
        Assert.Equal("B7"u8.ToArray(), _guest.Bytes(Guest.Buffer + 10, 2));
        Assert.Equal((Errno.Success, 0UL), (tell, _guest.UInt64(Guest.Result + 8)));
        Assert.Equal("01234AB789", File.ReadAllText(_directory["file.txt"]));
    }

    [Theory]
    [EngineData]
    public void FdPread_AtAnOffsetBeyondAnyFile_IsInvalid(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);
        _guest.PutWords(Guest.List, Guest.Buffer, 2);

        Errno[] answers = [_guest.Call("fd_pread", file, Guest.List, 1, ulong.MaxValue, Guest.Result), _guest.Call("fd_pwrite", file, Guest.List, 1, ulong.MaxValue, Guest.Result)];

        Assert.Equal([Errno.Invalid, Errno.Invalid], answers);
    }

    [Theory]
    [EngineData]
    public void FdWrite_ToAFileOpenedForAppending_GoesToItsEnd(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file, flags: DescriptorFlags.Append);

        var errno = _guest.Write(file, "end", out var written);
        _guest.Call("fd_fdstat_get", file, Guest.Result);

        Assert.Equal((Errno.Success, 3u), (errno, written));
        Assert.Equal("0123456789end", File.ReadAllText(_directory["file.txt"]));
        Assert.Equal([4, 0, 1, 0], _guest.Bytes(Guest.Result, 4));
    }

    [Theory]
    [EngineData]
    public void FdFdstatSetFlags_OfAppend_ChangesWhereWritesGo(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        var set = _guest.Call("fd_fdstat_set_flags", file, (ulong)DescriptorFlags.Append);
        _guest.Write(file, "end", out _);
        var clear = _guest.Call("fd_fdstat_set_flags", file, 0);
        _guest.Call("fd_seek", file, 0, 0, Guest.Result);
        _guest.Write(file, "X", out _);

        Assert.Equal((Errno.Success, Errno.Success), (set, clear));
        Assert.Equal("X123456789end", File.ReadAllText(_directory["file.txt"]));
        Assert.Equal(Errno.NotSupported, _guest.Call("fd_fdstat_set_flags", file, (ulong)DescriptorFlags.Sync));
        Assert.Equal(Errno.Invalid, _guest.Call("fd_fdstat_set_flags", file, 32));
    }

    [Theory]
    [EngineData]
    public void FdFdstatSetRights_OfFewerRights_CannotBeTakenBack(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        var less = _guest.Call("fd_fdstat_set_rights", file, (ulong)Rights.Read, 0);
        var more = _guest.Call("fd_fdstat_set_rights", file, (ulong)(Rights.Read | Rights.Write), 0);
        _guest.Call("fd_fdstat_get", file, Guest.Result);

        Assert.Equal((Errno.Success, Errno.NotCapable), (less, more));
        Assert.Equal((Rights.Read, Rights.None), ((Rights)_guest.UInt64(Guest.Result + 8), (Rights)_guest.UInt64(Guest.Result + 16)));
        Assert.Equal(Errno.NotCapable, _guest.Write(file, "x", out _));
        Assert.Equal(Errno.NotCapable, _guest.Call("fd_seek", file, 0, 0, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void FdFilestatGet_OfAFile_HasItsAttributes(string engine)
    {
        Start(engine);
        File.SetLastWriteTimeUtc(_directory["file.txt"], DateTime.UnixEpoch.AddTicks(15_000_000_001));
        _guest.Open("file.txt", out var file);
        _guest.Memory.Span(Guest.Buffer, 64).Fill(0xFF);

        var errno = _guest.Call("fd_filestat_get", file, Guest.Buffer);
        var open = _guest.Bytes(Guest.Buffer, 64);
        var path = _guest.Status("file.txt");

        Assert.Equal((Errno.Success, Errno.Success), (errno, path));
        Assert.Equal(open, _guest.Bytes(Guest.Buffer, 64));
        Assert.Equal([4, 0, 0, 0, 0, 0, 0, 0], _guest.Bytes(Guest.Buffer + 16, 8));
        Assert.Equal((1UL, 10UL), (_guest.UInt64(Guest.Buffer + 24), _guest.UInt64(Guest.Buffer + 32)));
        Assert.Equal(1_500_000_000_100UL, _guest.UInt64(Guest.Buffer + 48));
        Assert.NotEqual(0UL, _guest.UInt64(Guest.Buffer + 8));
    }

    [Theory]
    [EngineData]
    public void FdFilestatSetSize_OfAFile_CutsAndFillsWithZeros(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        var cut = _guest.Call("fd_filestat_set_size", file, 2);
        var grow = _guest.Call("fd_filestat_set_size", file, 4);
        var tooLarge = _guest.Call("fd_filestat_set_size", file, ulong.MaxValue);

        Assert.Equal((Errno.Success, Errno.Success, Errno.FileTooLarge), (cut, grow, tooLarge));
        Assert.Equal("01\0\0", File.ReadAllText(_directory["file.txt"]));
    }

    [Theory]
    [EngineData]
    public void FdFilestatSetTimes_OfOneTime_LeavesTheOther(string engine)
    {
        Start(engine);
        var path = _directory["file.txt"];
        File.SetLastAccessTimeUtc(path, DateTime.UnixEpoch.AddSeconds(5));
        _guest.Open("file.txt", out var file);

        var set = _guest.Call("fd_filestat_set_times", file, 1, 9_000_000_000, 4);
        var now = _guest.Call("fd_filestat_set_times", file, 0, 0, 2);
        var contradiction = _guest.Call("fd_filestat_set_times", file, 0, 0, 3);
        var unknown = _guest.Call("fd_filestat_set_times", file, 0, 0, 16);

        Assert.Equal((Errno.Success, Errno.Success, Errno.Invalid, Errno.Invalid), (set, now, contradiction, unknown));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(9), File.GetLastWriteTimeUtc(path));
        Assert.True(File.GetLastAccessTimeUtc(path) > DateTime.UnixEpoch.AddYears(50));
    }

    [Theory]
    [EngineData]
    public void FdAllocate_BeyondTheEnd_MakesTheFileLonger(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        var errno = _guest.Call("fd_allocate", file, 8, 100);
        var nothing = _guest.Call("fd_allocate", file, 0, 0);
        var tooLarge = _guest.Call("fd_allocate", file, ulong.MaxValue, 2);

        Assert.Contains(errno, (Errno[])[Errno.Success, Errno.NotSupported]);
        Assert.Equal(errno == Errno.Success ? 108 : 10, new FileInfo(_directory["file.txt"]).Length);
        Assert.NotEqual(Errno.Success, nothing);
        Assert.Equal(Errno.Invalid, tooLarge);
    }

    [Theory]
    [EngineData(0u, Errno.Success)]
    [EngineData(1u, Errno.Success)]
    [EngineData(2u, Errno.Success)]
    [EngineData(3u, Errno.Success)]
    [EngineData(4u, Errno.Success)]
    [EngineData(5u, Errno.Success)]
    [EngineData(6u, Errno.Invalid)]
    [EngineData(256u, Errno.Invalid)]
    public void FdAdvise_ByAdvice_IsTakenOrInvalid(string engine, uint advice, Errno expected)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        Assert.Equal(expected, _guest.Call("fd_advise", file, 0, 10, advice));
        Assert.Equal(Errno.Invalid, _guest.Call("fd_advise", file, ulong.MaxValue, 10, advice));
    }

    [Theory]
    [EngineData]
    public void FdSyncAndDatasync_OfFilesAndDirectories_Succeed(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        Errno[] answers = [_guest.Call("fd_sync", file), _guest.Call("fd_datasync", file), _guest.Call("fd_sync", Guest.Root), _guest.Call("fd_datasync", Guest.Root)];

        Assert.All(answers, errno => Assert.Equal(Errno.Success, errno));
    }

    [Theory]
    [EngineData]
    public void FdClose_OfADescriptor_FreesItsNumber(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var first);

        var close = _guest.Call("fd_close", first);
        var again = _guest.Call("fd_close", first);
        _guest.Open("file.txt", out var second);

        Assert.Equal((Errno.Success, Errno.BadDescriptor), (close, again));
        Assert.Equal(first, second);
    }

    [Theory]
    [EngineData]
    public void FdRenumber_OntoAnOpenDescriptor_ReplacesIt(string engine)
    {
        Start(engine);
        File.WriteAllText(_directory["other.txt"], "other");
        _guest.Open("file.txt", out var file);
        _guest.Open("other.txt", out var other);

        var errno = _guest.Call("fd_renumber", other, file);
        _guest.Read(file, 100, out var text);

        Assert.Equal((Errno.Success, "other"), (errno, text));
        Assert.Equal(Errno.BadDescriptor, _guest.Read(other, 100, out _));
        Assert.Equal(Errno.Success, _guest.Call("fd_renumber", file, file));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_renumber", file, 1000));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_renumber", 1000, file));
    }

    [Theory]
    [EngineData]
    public void PathOpen_OfMoreThanMayBeOpen_IsRefusedAndCreatesNothing(string engine)
    {
        Start(engine);
        using var guest = new Guest(engine, _directory, maximumDescriptors: 6);
        Assert.Equal(Errno.Success, guest.Open("file.txt", out _));
        Assert.Equal(Errno.Success, guest.Open("file.txt", out var last));

        var errno = guest.Open("new.txt", out _, OpenFlags.Create);

        Assert.Equal((Errno)33, errno);
        Assert.False(File.Exists(_directory["new.txt"]));
        Assert.Equal(Errno.Success, guest.Call("fd_close", last));
        Assert.Equal(Errno.Success, guest.Open("new.txt", out _, OpenFlags.Create));
    }

    [Theory]
    [EngineData]
    public void FdRead_IntoTheListOfBuffersItself_StaysInBounds(string engine)
    {
        Start(engine);
        File.WriteAllBytes(_directory["list.bin"], [.. Enumerable.Repeat((byte)0xFF, 64)]);
        _guest.Open("list.bin", out var file);
        _guest.PutWords(Guest.List, Guest.List, 16, Guest.Buffer, 16);

        var errno = _guest.Call("fd_read", file, Guest.List, 2, Guest.Result);

        Assert.Equal((Errno.Success, 16u), (errno, _guest.UInt32(Guest.Result)));
        Assert.Equal(new byte[16], _guest.Bytes(Guest.Buffer, 16));
    }

    [Theory]
    [EngineData]
    public void Transfers_OfTooManyBuffers_AreInvalid(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);

        Errno[] answers = [_guest.Call("fd_read", file, Guest.List, 1025, Guest.Result), _guest.Call("fd_write", file, Guest.List, uint.MaxValue, Guest.Result)];

        Assert.Equal([Errno.Invalid, Errno.Invalid], answers);
    }

    [Theory]
    [EngineData]
    public void Transfers_OfNoBuffers_MoveNothing(string engine)
    {
        Start(engine);
        _guest.Open("file.txt", out var file);
        _guest.PutWords(Guest.Result, 9);

        var errno = _guest.Call("fd_read", file, Guest.List, 0, Guest.Result);

        Assert.Equal((Errno.Success, 0u), (errno, _guest.UInt32(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void Dispose_OfTheContext_ClosesTheFiles(string engine)
    {
        Start(engine);
        var guest = new Guest(engine, _directory);
        guest.Open("file.txt", out _);
        var open = OpenFiles();

        guest.Dispose();

        Assert.Equal(open - 2, OpenFiles());

        int OpenFiles() => Directory.GetFiles("/proc/self/fd").Concat(Directory.GetDirectories("/proc/self/fd"))
            .Count(file => new FileInfo(file).LinkTarget?.StartsWith(_directory.Granted, StringComparison.Ordinal) == true) - 2;
    }

    public void Dispose()
    {
        _guest?.Dispose();
        _directory.Dispose();
    }
}
