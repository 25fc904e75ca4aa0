using PluginHost.Wasi.Descriptors;

namespace PluginHost.Wasi.Functions;

/// <summary>What works on sockets that were open from the start. notsock for other descriptors.</summary>
internal static class SockFunctions
{
    private const uint Peek = 1;
    private const uint WaitAll = 2;

    public static void AddTo(FunctionTable table)
    {
        // sock_accept(fd, flags, connection): flags as of a descriptor. inval for others than nonblock, again.
        table.Add("sock_accept", "iii", static (ref call, context) =>
        {
            var flags = (DescriptorFlags)call.UInt32(1);
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.None, out var descriptor);

            if (errno != Errno.Success || (errno = Socket(descriptor, Rights.Accept)) != Errno.Success)
                return errno;

            if ((flags & ~DescriptorFlags.NonBlocking) != DescriptorFlags.None)
                return Errno.Invalid;

            if (!call.Memory.TryGetSpan(call.UInt32(2), sizeof(uint), out _))
                return Errno.Fault;

            // Before a connection is taken that would be lost.
            if (context.Descriptors.IsFull)
                return Errno.TooManyOpen;

            Descriptor? connection;

            // A blocking accept waits here, where a deadline ends it.
            while ((errno = descriptor.Accept(flags, out connection)) == Errno.Again && !descriptor.Flags.HasFlag(DescriptorFlags.NonBlocking))
                call.Sleep(TimeSpan.FromMilliseconds(5));

            if (errno != Errno.Success || (errno = context.Descriptors.Add(connection!, out var number)) != Errno.Success)
                return errno;

            call.Memory.TryWriteUInt32(call.UInt32(2), number);
            return Errno.Success;
        });

        // sock_recv(fd, ri_data, ri_data_len, ri_flags, ro_datalen, ro_flags): a u32 length and u16 flags, always 0. inval for unknown flags, again.
        table.Add("sock_recv", "iiiiii", static (ref call, context) =>
        {
            var flags = call.UInt32(3);
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.None, out var descriptor);

            if (errno != Errno.Success || (errno = Socket(descriptor, Rights.Read)) != Errno.Success)
                return errno;

            if (flags > (Peek | WaitAll))
                return Errno.Invalid;

            if (!call.Memory.TryGetSpan(call.UInt32(4), sizeof(uint), out _) || !call.Memory.TryGetSpan(call.UInt32(5), sizeof(ushort), out _))
                return Errno.Fault;

            var (isBlocking, state) = (!descriptor.Flags.HasFlag(DescriptorFlags.NonBlocking), new ReceiveState { Descriptor = descriptor, Peek = (flags & Peek) != 0 });
            uint total;

            while (true)
            {
                errno = Iovecs.Transfer(ref call, call.UInt32(1), call.UInt32(2), ref state, Receive, out total);

                // Waiting for all of it ends early where the other side does.
                var isIncomplete = errno == Errno.Success && (flags & WaitAll) != 0 && state is { IsShort: true, HasEnded: false, Peek: false };

                if (!isBlocking || (errno != Errno.Again && !isIncomplete))
                    break;

                call.Sleep(TimeSpan.FromMilliseconds(2));
                state.Skip = total;
            }

            if (errno != Errno.Success)
                return errno;

            call.Memory.TryWriteUInt32(call.UInt32(4), total);
            call.Memory.Span(call.UInt32(5), sizeof(ushort)).Clear();
            return Errno.Success;
        });

        // sock_send(fd, si_data, si_data_len, si_flags, so_datalen): no flags are defined. inval for any.
        table.Add("sock_send", "iiiii", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.None, out var descriptor);

            if (errno != Errno.Success || (errno = Socket(descriptor, Rights.Write)) != Errno.Success)
                return errno;

            if (call.UInt32(3) != 0)
                return Errno.Invalid;

            if (!call.Memory.TryGetSpan(call.UInt32(4), sizeof(uint), out _))
                return Errno.Fault;

            uint total;

            while ((errno = Iovecs.Transfer(ref call, call.UInt32(1), call.UInt32(2), ref descriptor,
                static (Span<byte> buffer, ref Descriptor socket, out int done) => socket.Send(buffer, out done), out total)) == Errno.Again
                && !descriptor.Flags.HasFlag(DescriptorFlags.NonBlocking))
            {
                call.Sleep(TimeSpan.FromMilliseconds(2));
            }

            if (errno == Errno.Success)
                call.Memory.TryWriteUInt32(call.UInt32(4), total);

            return errno;
        });

        // sock_shutdown(fd, how): bit 0 reading, bit 1 writing. inval for neither or others.
        table.Add("sock_shutdown", "ii", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.None, out var descriptor);

            if (errno != Errno.Success || (errno = Socket(descriptor, Rights.Shutdown)) != Errno.Success)
                return errno;

            return call.UInt32(1) is 0 or > 3 ? Errno.Invalid : descriptor.Shutdown((byte)call.UInt32(1));
        });
    }

    private static Errno Receive(Span<byte> buffer, ref ReceiveState state, out int done)
    {
        // What an earlier round has filled stays.
        var skipped = (int)Math.Min(state.Skip, (uint)buffer.Length);
        state.Skip -= (uint)skipped;
        done = skipped;

        // A second peek would see the same bytes again.
        if (skipped == buffer.Length || (state.Peek && state.IsShort))
            return Errno.Success;

        var errno = state.Descriptor.Receive(buffer[skipped..], state.Peek, out var received);
        done += received;
        state.IsShort = state.Peek || done < buffer.Length;
        state.HasEnded = errno == Errno.Success ? received == 0 : errno != Errno.Again;

        // What came in earlier rounds must not be lost to an error.
        return errno != Errno.Success && skipped > 0 ? Errno.Success : errno;
    }

    private static Errno Socket(Descriptor descriptor, Rights right)
    {
        if (descriptor.Type is not (FileType.SocketStream or FileType.SocketDatagram))
            return Errno.NotSocket;

        return (descriptor.Rights & right) == right ? Errno.Success : Errno.NotCapable;
    }

    private struct ReceiveState
    {
        public Descriptor Descriptor;
        public bool Peek;

        /// <summary>The bytes from the start that are filled already.</summary>
        public uint Skip;

        /// <summary>Whether a buffer was not filled.</summary>
        public bool IsShort;

        /// <summary>Whether the other side sends no more, or the connection has failed.</summary>
        public bool HasEnded;
    }
}
