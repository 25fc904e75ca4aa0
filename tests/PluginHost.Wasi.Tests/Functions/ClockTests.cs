using PluginHost.Wasi.Tests.Support;

namespace PluginHost.Wasi.Tests.Functions;

public sealed class ClockTests
{
    [Theory]
    [EngineData]
    public void ClockTimeGet_OfTheMonotonicClockAtTheStart_IsNotZero(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { TimeProvider = new StoppedTime() });

        var errno = guest.Call("clock_time_get", 1, 0, Guest.Result);

        Assert.Equal((Errno.Success, 1_000_000_000UL), (errno, guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData(1u)]
    [EngineData(2u)]
    [EngineData(3u)]
    public void ClockTimeGet_AfterTimeHasPassed_HasAdvancedByIt(string engine, uint clock)
    {
        var time = new StoppedTime();
        using var guest = new Guest(engine, new WasiOptions { TimeProvider = time });
        time.Now += TimeSpan.FromTicks(1_234_567);

        var errno = guest.Call("clock_time_get", clock, 0, Guest.Result);

        Assert.Equal((Errno.Success, 1_123_456_700UL), (errno, guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData]
    public void ClockTimeGet_OfRealTime_CountsFrom1970(string engine)
    {
        using var guest = new Guest(engine, new WasiOptions { TimeProvider = new StoppedTime() });

        var errno = guest.Call("clock_time_get", 0, 0, Guest.Result);

        Assert.Equal((Errno.Success, 1_582_977_600_000_000_000UL), (errno, guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData(0u, 100UL)]
    [EngineData(1u, 100UL)]
    [EngineData(3u, 100UL)]
    public void ClockResGet_OfAClock_IsItsTick(string engine, uint clock, ulong resolution)
    {
        using var guest = new Guest(engine, new WasiOptions { TimeProvider = new StoppedTime() });

        var errno = guest.Call("clock_res_get", clock, Guest.Result);

        Assert.Equal((Errno.Success, resolution), (errno, guest.UInt64(Guest.Result)));
    }

    [Theory]
    [EngineData(4u)]
    [EngineData(uint.MaxValue)]
    public void Clocks_ThatDoNotExist_AreInvalid(string engine, uint clock)
    {
        using var guest = new Guest(engine);

        Errno[] answers = [guest.Call("clock_time_get", clock, 0, Guest.Result), guest.Call("clock_res_get", clock, Guest.Result)];

        Assert.Equal([Errno.Invalid, Errno.Invalid], answers);
    }

    private sealed class StoppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2020, 2, 29, 12, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;
    }
}
