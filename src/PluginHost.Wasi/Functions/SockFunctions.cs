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

            var state = (descriptor, flags);
            uint total;

            while (true)
            {
                errno = Iovecs.Transfer(ref call, call.UInt32(1), call.UInt32(2), ref state,
                    static (Span<byte> buffer, ref (Descriptor Descriptor, uint Flags) state, out int done) =>
                        state.Descriptor.Receive(buffer, (state.Flags & Peek) != 0, (state.Flags & WaitAll) != 0, out done), out total);

                if (errno != Errno.Again || descriptor.Flags.HasFlag(DescriptorFlags.NonBlocking))
                    break;

                call.Sleep(TimeSpan.FromMilliseconds(2));
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

    private static Errno Socket(Descriptor descriptor, Rights right)
    {
        if (descriptor.Type is not (FileType.SocketStream or FileType.SocketDatagram))
            return Errno.NotSocket;

        return (descriptor.Rights & right) == right ? Errno.Success : Errno.NotCapable;
    }
}
