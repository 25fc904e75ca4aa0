using System.Buffers.Binary;
using PluginHost.Wasi.Tests.Support;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class PollTests
{
    private const uint Subscriptions = 4096;
    private const uint Events = 8192;
    private const ulong Hour = 3_600_000_000_000;

    [Theory]
    [EngineData(0u, 0)]
    [EngineData(1u, 0)]
    [EngineData(3u, 0)]
    [EngineData(0u, 1)]
    [EngineData(1u, 1)]
    public void PollOneoff_OfATimeThatHasCome_IsAnEvent(string engine, uint clock, ushort flags)
    {
        using var guest = new Guest(engine);
        PutClock(guest, 0, 0xABCDEF0123456789, clock, flags == 1 ? 1u : 0u, flags);
        guest.Memory.Span(Events, 32).Fill(0xFF);

        var errno = guest.Call("poll_oneoff", Subscriptions, Events, 1, Guest.Result);

        Assert.Equal((Errno.Success, 1u), (errno, guest.UInt32(Guest.Result)));
        Assert.Equal(0xABCDEF0123456789, guest.UInt64(Events));
        Assert.Equal(new byte[24], guest.Bytes(Events + 8, 24));
    }

    [Theory]
    [EngineData]
    public void PollOneoff_OfATimeout_LetsTheClockAdvanceByIt(string engine)
    {
        using var guest = new Guest(engine);
        PutClock(guest, 0, 1, 1, 20_000_000, 0);
        guest.Call("clock_time_get", 1, 0, Guest.Result + 8);
        var before = guest.UInt64(Guest.Result + 8);

        var errno = guest.Call("poll_oneoff", Subscriptions, Events, 1, Guest.Result);
        guest.Call("clock_time_get", 1, 0, Guest.Result + 8);

        Assert.Equal((Errno.Success, 1u), (errno, guest.UInt32(Guest.Result)));
        Assert.True(guest.UInt64(Guest.Result + 8) - before >= 20_000_000);
    }

    [Theory]
    [EngineData(Hour, 0)]
    [EngineData(ulong.MaxValue, 0)]
    [EngineData(ulong.MaxValue, 1)]
    [EngineData(ulong.MaxValue / 2, 0)]
    public void PollOneoff_OfALongTime_IsEndedByTheDeadline(string engine, ulong timeout, ushort flags)
    {
        using var guest = new Guest(engine);
        PutClock(guest, 0, 1, 1, timeout, flags);

        var trap = Assert.Throws<TrapException>(() => guest.Call("poll_oneoff", new ExecutionBudget(TimeSpan.FromMilliseconds(30)), Subscriptions, Events, 1, Guest.Result));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
    }

    [Theory]
    [EngineData]
    public void PollOneoff_OfSeveral_GivesThoseThatAreReady(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { StandardInput = "hello"u8.ToArray() });
        PutClock(guest, 0, 10, 1, Hour, 0);
        PutDescriptor(guest, 1, 11, 1, 0);
        PutDescriptor(guest, 2, 12, 2, 1);
        PutDescriptor(guest, 3, 13, 1, 99);
        PutDescriptor(guest, 4, 14, 2, 0);
        PutClock(guest, 5, 15, 9, 0, 0);

        var errno = guest.Call("poll_oneoff", Subscriptions, Events, 6, Guest.Result);

        Assert.Equal((Errno.Success, 5u), (errno, guest.UInt32(Guest.Result)));
        Assert.Equal(
            [(11UL, Errno.Success, 1, 5UL), (12, Errno.Success, 2, 0), (13, Errno.BadDescriptor, 1, 0), (14, Errno.NotCapable, 2, 0), (15, Errno.Invalid, 0, 0)],
            Enumerable.Range(0, 5).Select(i => Event(guest, (uint)i)));
    }

    [Theory]
    [EngineData]
    public void PollOneoff_OfAFile_IsAlwaysReadyWithWhatIsLeft(string engine)
    {
        using var directory = new GrantedDirectory();
        File.WriteAllText(directory["file"], "0123456789");
        using var guest = new Guest(engine, directory);
        guest.Open("file", out var file);
        guest.Read(file, 3, out _);
        PutDescriptor(guest, 0, 1, 1, file);
        PutDescriptor(guest, 1, 2, 2, file);

        var errno = guest.Call("poll_oneoff", Subscriptions, Events, 2, Guest.Result);

        Assert.Equal((Errno.Success, 2u), (errno, guest.UInt32(Guest.Result)));
        Assert.Equal((1UL, Errno.Success, 1, 7UL), Event(guest, 0));
        Assert.Equal((2UL, Errno.Success, 2, 0UL), Event(guest, 1));
    }

    [Theory]
    [EngineData]
    public void PollOneoff_WithEventsOverSubscriptions_ReadsThemFirst(string engine)
    {
        using var guest = new Guest(engine);
        PutClock(guest, 0, 1, 1, 0, 0);
        PutClock(guest, 1, 2, 1, 0, 0);
        PutClock(guest, 2, 3, 1, 0, 0);

        var errno = guest.Call("poll_oneoff", Subscriptions, Subscriptions, 3, Guest.Result);

        Assert.Equal((Errno.Success, 3u), (errno, guest.UInt32(Guest.Result)));
        Assert.Equal((1UL, 2UL, 3UL), (guest.UInt64(Subscriptions), guest.UInt64(Subscriptions + 32), guest.UInt64(Subscriptions + 64)));
    }

    [Theory]
    [EngineData(0u)]
    [EngineData(1025u)]
    [EngineData(uint.MaxValue)]
    [EngineData(0x8000_0000u)]
    public void PollOneoff_OfNoneOrTooMany_IsInvalid(string engine, uint count)
    {
        using var guest = new Guest(engine);

        Assert.Equal(Errno.Invalid, guest.Call("poll_oneoff", Subscriptions, Events, count, Guest.Result));
    }

    [Theory]
    [EngineData]
    public void PollOneoff_OfAnUnknownKind_IsInvalid(string engine)
    {
        using var guest = new Guest(engine);
        PutDescriptor(guest, 0, 1, 3, 1);

        Assert.Equal(Errno.Invalid, guest.Call("poll_oneoff", Subscriptions, Events, 1, Guest.Result));
    }

    private static void PutClock(Guest guest, uint index, ulong userData, uint clock, ulong timeout, ushort flags)
    {
        var bytes = guest.Memory.Span(Subscriptions + (index * 48), 48);
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, userData);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], clock);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], timeout);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[40..], flags);
    }

    private static void PutDescriptor(Guest guest, uint index, ulong userData, byte type, uint descriptor)
    {
        var bytes = guest.Memory.Span(Subscriptions + (index * 48), 48);
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, userData);
        bytes[8] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], descriptor);
    }

    private static (ulong UserData, Errno Errno, int Type, ulong Available) Event(Guest guest, uint index)
    {
        var bytes = guest.Memory.Span(Events + (index * 32), 32);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes), (Errno)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]), bytes[10], BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
    }
}
