namespace PluginHost.Wasi.Functions;

/// <summary>
/// The clocks: 0 real time, 1 monotonic; 2 and 3, the processor times, run as the monotonic one does. All in nanoseconds. Go's runtime gives up when the
/// monotonic clock reads 0, so it starts at one second.
/// </summary>
internal static class ClockFunctions
{
    private const uint Realtime = 0;
    private const uint LastClock = 3;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    public static void AddTo(FunctionTable table)
    {
        // clock_res_get(id, resolution): a u64. inval for an unknown clock, fault.
        table.Add("clock_res_get", "ii", static (ref call, context) =>
        {
            if (call.UInt32(0) > LastClock)
                return Errno.Invalid;

            var resolution = call.UInt32(0) == Realtime ? 100 : Math.Max(NanosecondsPerSecond / (ulong)context.TimeProvider.TimestampFrequency, 1);
            return call.Memory.TryWriteUInt64(call.UInt32(1), resolution) ? Errno.Success : Errno.Fault;
        });

        // clock_time_get(id, precision, time): a u64. inval for an unknown clock, fault.
        table.Add("clock_time_get", "iIi", static (ref call, context) =>
        {
            if (!TryRead(context, call.UInt32(0), out var time))
                return Errno.Invalid;

            return call.Memory.TryWriteUInt64(call.UInt32(2), time) ? Errno.Success : Errno.Fault;
        });
    }

    /// <summary>A clock's time in nanoseconds.</summary>
    public static bool TryRead(WasiContext context, uint clock, out ulong time)
    {
        time = clock == Realtime
            ? (ulong)Math.Max((context.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks, 0) * 100
            : NanosecondsPerSecond + Elapsed(context);

        return clock <= LastClock;
    }

    private static ulong Elapsed(WasiContext context)
    {
        var (ticks, frequency) = ((ulong)Math.Max(context.TimeProvider.GetTimestamp() - context.Start, 0), (ulong)context.TimeProvider.TimestampFrequency);
        return (ticks / frequency * NanosecondsPerSecond) + (ticks % frequency * NanosecondsPerSecond / frequency);
    }
}
