using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class StandardStreamTests
{
    [Theory]
    [EngineData(0u, Rights.Read)]
    [EngineData(1u, Rights.Write)]
    [EngineData(2u, Rights.Write)]
    public void FdFdstatGet_OfAStandardStream_IsACharacterDeviceThatBlocks(string engine, uint stream, Rights right)
    {
        using var guest = new Guest(engine);
        guest.Memory.Span(Guest.Result, 24).Fill(0xFF);

        var set = guest.Call("fd_fdstat_set_flags", stream, 4);
        var errno = guest.Call("fd_fdstat_get", stream, Guest.Result);

        Assert.Equal((Errno.Success, Errno.Success), (set, errno));
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0], guest.Bytes(Guest.Result, 8));
        Assert.Equal(right | Rights.Poll | Rights.FileStatGet | Rights.SetFlags, (Rights)guest.UInt64(Guest.Result + 8));
        Assert.Equal(0UL, guest.UInt64(Guest.Result + 16));
    }

    [Theory]
    [EngineData]
    public void FdFilestatGet_OfAStandardStream_IsACharacterDevice(string engine)
    {
        using var guest = new Guest(engine);
        guest.Memory.Span(Guest.Buffer, 64).Fill(0xFF);

        var errno = guest.Call("fd_filestat_get", 1, Guest.Buffer);

        Assert.Equal(Errno.Success, errno);
        Assert.Equal(2, guest.Bytes(Guest.Buffer + 16, 1)[0]);
        Assert.Equal(0UL, guest.UInt64(Guest.Buffer + 32));
    }

    [Theory]
    [EngineData]
    public void FdPrestatGet_WithoutDirectories_IsABadDescriptor(string engine)
    {
        using var guest = new Guest(engine);

        Errno[] answers = [.. new ulong[] { 0, 1, 2, 3, uint.MaxValue }.Select(number => guest.Call("fd_prestat_get", number, Guest.Result))];

        Assert.All(answers, errno => Assert.Equal((Errno)8, errno));
    }

    [Theory]
    [EngineData]
    public void FdRead_OfStandardInput_GivesItAndThenItsEnd(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { StandardInput = "hello"u8.ToArray() });
        guest.PutWords(Guest.List, Guest.Buffer, 2, Guest.Buffer + 100, 10);

        var errno = guest.Call("fd_read", 0, Guest.List, 2, Guest.Result);
        var total = guest.UInt32(Guest.Result);
        var end = guest.Read(0, 10, out var rest);

        Assert.Equal((Errno.Success, 5u), (errno, total));
        Assert.Equal("he"u8.ToArray(), guest.Bytes(Guest.Buffer, 2));
        Assert.Equal("llo"u8.ToArray(), guest.Bytes(Guest.Buffer + 100, 3));
        Assert.Equal((Errno.Success, ""), (end, rest));
    }

    [Theory]
    [EngineData]
    public void FdWrite_OfSeveralBuffers_IsSplitIntoLines(string engine)
    {
        var lines = new Lines();
        using var guest = new Guest(engine, new WasiOptions { Output = lines });
        guest.Put(Guest.Buffer, "one\ntw"u8);
        guest.Put(Guest.Buffer + 50, "o\n\nthree"u8);
        guest.PutWords(Guest.List, Guest.Buffer, 6, Guest.Buffer + 50, 8);

        var errno = guest.Call("fd_write", 1, Guest.List, 2, Guest.Result);
        guest.Context.CompleteOutput();

        Assert.Equal((Errno.Success, 14u), (errno, guest.UInt32(Guest.Result)));
        Assert.Equal(["stdout one", "stdout two", "stdout ", "stdout three"], lines.Read);
    }

    [Theory]
    [EngineData]
    public void FdWrite_ToStandardErrorBeyondTheBound_ReportsSuccess(string engine)
    {
        var lines = new Lines();
        using var guest = new Guest(engine, new WasiOptions { Output = lines, MaximumOutputBytes = 10 });

        var first = guest.Write(2, "0123456\n", out var firstWritten);
        var second = guest.Write(2, "0123456\n", out var secondWritten);
        guest.Context.CompleteOutput();

        Assert.Equal((Errno.Success, 8u, Errno.Success, 8u), (first, firstWritten, second, secondWritten));
        Assert.Equal(["stderr 0123456", "stderr 01"], lines.Read);
        Assert.Equal(6, lines.DroppedBytes);
    }

    [Theory]
    [EngineData]
    public void FdWrite_OfALongLine_ComesInPieces(string engine)
    {
        var lines = new Lines();
        using var guest = new Guest(engine, new WasiOptions { Output = lines, MaximumLineBytes = 4 });

        guest.Write(1, "0123456789\nx\n", out _);

        Assert.Equal(["stdout 0123", "stdout 4567", "stdout 89", "stdout x"], lines.Read);
    }

    [Theory]
    [EngineData]
    public void FdWrite_AfterTheOutputWasCompleted_HasTheWholeBoundAgain(string engine)
    {
        var lines = new Lines();
        using var guest = new Guest(engine, new WasiOptions { Output = lines, MaximumOutputBytes = 4 });

        guest.Write(1, "abcdef", out _);
        guest.Context.CompleteOutput();
        guest.Write(1, "ghij", out _);
        guest.Context.CompleteOutput();

        Assert.Equal(["stdout abcd", "stdout ghij"], lines.Read);
        Assert.Equal(2, lines.DroppedBytes);
    }

    [Theory]
    [EngineData]
    public void Streams_OfTheHost_CarryEveryByteUnchanged(string engine)
    {
        using var input = new MemoryStream([0, 0xFF, (byte)'\n', 7]);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var guest = new Guest(engine, new WasiOptions { StandardInputStream = input, StandardOutputStream = output, StandardErrorStream = error, MaximumOutputBytes = 1 });
        guest.PutWords(Guest.List, Guest.Buffer, 10);

        var read = guest.Call("fd_read", 0, Guest.List, 1, Guest.Result);
        var total = guest.UInt32(Guest.Result);
        var end = guest.Read(0, 10, out var rest);
        guest.PutWords(Guest.List, Guest.Buffer, 3, Guest.Buffer + 3, 1);
        var written = guest.Call("fd_write", 1, Guest.List, 2, Guest.Result);
        var toError = guest.Write(2, "no line", out var errorBytes);

        Assert.Equal((Errno.Success, 4u, Errno.Success, ""), (read, total, end, rest));
        Assert.Equal((Errno.Success, Errno.Success, 7u), (written, toError, errorBytes));
        Assert.Equal([0, 0xFF, (byte)'\n', 7], output.ToArray());
        Assert.Equal("no line"u8.ToArray(), error.ToArray());
    }

    [Theory]
    [EngineData]
    public void FdRead_OfAStreamThatFilledTheFirstBuffer_DoesNotWaitForMore(string engine)
    {
        using var input = new MemoryStream([1, 2, 3]);
        using var guest = new Guest(engine, new WasiOptions { StandardInputStream = input });
        guest.PutWords(Guest.List, Guest.Buffer, 2, Guest.Buffer + 2, 10);

        var read = guest.Call("fd_read", 0, Guest.List, 2, Guest.Result);

        Assert.Equal((Errno.Success, 2u, 2L), (read, guest.UInt32(Guest.Result), input.Position));
    }

    [Theory]
    [EngineData]
    public void Streams_OfTheHostThatFail_AreErrorsExceptOnStandardError(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { StandardInputStream = new BrokenStream(), StandardOutputStream = new BrokenStream(), StandardErrorStream = new BrokenStream() });

        var read = guest.Read(0, 10, out _);
        var written = guest.Write(1, "lost", out _);
        var toError = guest.Write(2, "lost", out var errorBytes);

        Assert.Equal((Errno.IO, Errno.Pipe), (read, written));
        Assert.Equal((Errno.Success, 4u), (toError, errorBytes));
    }

    [Theory]
    [EngineData]
    public void Streams_OfTheHost_StayOpenAndAreReady(string engine)
    {
        using var input = new MemoryStream([1]);
        var subscription = new uint[12];
        (subscription[2], subscription[4]) = (1, 0);

        using (var guest = new Guest(engine, new WasiOptions { StandardInputStream = input }))
        {
            guest.PutWords(Guest.Buffer, subscription);
            Assert.Equal(Errno.Success, guest.Call("poll_oneoff", Guest.Buffer, Guest.Buffer + 100, 1, Guest.Result));
            Assert.Equal(1u, guest.UInt32(Guest.Result));
        }

        Assert.Equal(1, input.ReadByte());
    }

    [Theory]
    [EngineData]
    public void Streams_UsedTheWrongWay_AreNotCapable(string engine)
    {
        using var guest = new Guest(engine);
        guest.PutWords(Guest.List, Guest.Buffer, 1);

        Errno[] answers =
        [
            guest.Call("fd_read", 1, Guest.List, 1, Guest.Result), guest.Call("fd_write", 0, Guest.List, 1, Guest.Result), guest.Call("fd_seek", 1, 0, 0, Guest.Result),
            guest.Call("fd_tell", 0, Guest.Result), guest.Call("fd_pread", 0, Guest.List, 1, 0, Guest.Result), guest.Call("fd_pwrite", 1, Guest.List, 1, 0, Guest.Result),
            guest.Call("fd_sync", 1), guest.Call("fd_datasync", 1), guest.Call("fd_allocate", 1, 0, 1), guest.Call("fd_advise", 1, 0, 1, 0),
            guest.Call("fd_filestat_set_size", 1, 0), guest.Call("fd_filestat_set_times", 1, 0, 0, 0), guest.Call("fd_readdir", 0, Guest.Buffer, 10, 0, Guest.Result),
        ];

        Assert.All(answers, errno => Assert.Equal(Errno.NotCapable, errno));
    }
}
