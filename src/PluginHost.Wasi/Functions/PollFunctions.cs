using System.Buffers.Binary;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>Waiting for clocks and descriptors. The host does the sleeping, so a deadline ends it.</summary>
internal static class PollFunctions
{
    private const uint SubscriptionBytes = 48;
    private const uint EventBytes = 32;
    private const uint MaximumSubscriptions = 1024;
    private const byte ClockEvent = 0;
    private const byte ReadEvent = 1;
    private const byte WriteEvent = 2;
    private const ushort Absolute = 1;

    /// <summary>How often descriptors that are not ready are looked at again.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    public static void AddTo(FunctionTable table) =>

        // poll_oneoff(in, out, nsubscriptions, nevents): subscriptions of 48 bytes (u64 userdata; u8 tag at 8; for a clock u32 id at 16, u64 timeout at 24,
        // u64 precision at 32, u16 flags at 40; for a descriptor u32 at 16), events of 32 (u64 userdata; u16 errno at 8; u8 type at 10; u64 nbytes at 16).
        // inval without subscriptions, with too many, or with an unknown tag; fault. An unknown clock or descriptor is an event with the error.
        table.Add("poll_oneoff", "iiii", Poll);

    private static Errno Poll(ref HostCall call, WasiContext context)
    {
        var (input, output, count, result) = (call.UInt32(0), call.UInt32(1), call.UInt32(2), call.UInt32(3));

        if (count is 0 or > MaximumSubscriptions)
            return Errno.Invalid;

        if (!call.Memory.TryGetSpan(input, count * SubscriptionBytes, out var bytes)
            || !call.Memory.TryGetSpan(output, count * EventBytes, out _)
            || !call.Memory.TryGetSpan(result, sizeof(uint), out _))
        {
            return Errno.Fault;
        }

        // Copied: input and output may overlap, and the guest's memory is not to be trusted twice.
        var subscriptions = new Subscription[count];

        for (var i = 0; i < subscriptions.Length; i++)
        {
            if (!TryRead(context, bytes.Slice(i * (int)SubscriptionBytes, (int)SubscriptionBytes), out subscriptions[i]))
                return Errno.Invalid;
        }

        while (true)
        {
            var events = WriteReady(ref call, context, subscriptions, output, out var wait);

            if (events > 0)
            {
                call.Memory.TryWriteUInt32(result, events);
                return Errno.Success;
            }

            call.Sleep(wait);
        }
    }

    /// <summary>Writes an event for every subscription that is ready.</summary>
    /// <param name="wait">How long nothing more can become ready, or until descriptors are to be looked at again.</param>
    private static uint WriteReady(ref HostCall call, WasiContext context, Subscription[] subscriptions, uint output, out TimeSpan wait)
    {
        uint events = 0;
        wait = TimeSpan.MaxValue;

        foreach (ref readonly var subscription in subscriptions.AsSpan())
        {
            var (errno, isReady, available) = (subscription.Errno, subscription.Errno != Errno.Success, 0UL);

            if (isReady)
            {
                // An error is an event of its own, at once.
            }
            else if (subscription.Type == ClockEvent)
            {
                ClockFunctions.TryRead(context, subscription.Clock, out var now);
                isReady = now >= subscription.Until;

                // A tick more than the difference: the clock must have advanced by the whole of it when the guest looks.
                if (!isReady)
                    wait = Min(wait, TimeSpan.FromTicks((long)Math.Min((subscription.Until - now + 99) / 100, (ulong)(long.MaxValue / 4))));
            }
            else if (subscription.Type == ReadEvent)
            {
                var ready = subscription.Descriptor!.ReadyToRead();
                isReady = ready is not null;
                available = (ulong)(ready ?? 0);
                wait = Min(wait, LookInterval);
            }
            else
            {
                isReady = subscription.Descriptor!.IsReadyToWrite();
                wait = Min(wait, LookInterval);
            }

            if (isReady)
                Write(call.Memory.Span(output + (events++ * EventBytes), EventBytes), subscription, errno, available);
        }

        return events;
    }

    private static void Write(Span<byte> bytes, in Subscription subscription, Errno errno, ulong available)
    {
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, subscription.UserData);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], (ushort)errno);
        bytes[10] = subscription.Type;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], available);
    }

    private static bool TryRead(WasiContext context, ReadOnlySpan<byte> bytes, out Subscription subscription)
    {
        subscription = new Subscription { UserData = BinaryPrimitives.ReadUInt64LittleEndian(bytes), Type = bytes[8] };
        var subject = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);

        switch (subscription.Type)
        {
            case ClockEvent:
                var timeout = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
                var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]);
                subscription.Clock = subject;

                if (!ClockFunctions.TryRead(context, subject, out var now) || flags > Absolute)
                    subscription.Errno = Errno.Invalid;

                // A time too far to count to is the last there is.
                subscription.Until = flags == Absolute || timeout > ulong.MaxValue - now ? Math.Max(timeout, flags == Absolute ? 0 : ulong.MaxValue) : now + timeout;
                return true;
            case ReadEvent or WriteEvent:
                var rights = Rights.Poll | (subscription.Type == ReadEvent ? Rights.Read : Rights.Write);
                subscription.Errno = context.Descriptors.Find(subject, rights, out var descriptor);
                subscription.Descriptor = descriptor;
                return true;
            default:
                return false;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private struct Subscription
    {
        public ulong UserData;
        public byte Type;
        public uint Clock;
        public ulong Until;
        public Descriptor? Descriptor;
        public Errno Errno;
    }
}
