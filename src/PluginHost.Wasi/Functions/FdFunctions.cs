using System.Buffers.Binary;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>
/// What works on an open descriptor. All give badf for a number that is not open, notcapable where the descriptor lacks the right, and fault for a bad
/// pointer.
/// </summary>
internal static class FdFunctions
{
    private const uint DirectoryEntryBytes = 24;

    public static void AddTo(FunctionTable table)
    {
        // fd_advise(fd, offset, len, advice). inval for an unknown advice.
        table.Add("fd_advise", "iIIi", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.Advise, out var descriptor);

            if (errno == Errno.Success && call.UInt32(3) > 5)
                return Errno.Invalid;

            return errno == Errno.Success ? descriptor.Advise(call.UInt64(1), call.UInt64(2), (byte)call.UInt32(3)) : errno;
        });

        // fd_allocate(fd, offset, len): makes sure the space is there.
        table.Add("fd_allocate", "iII", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.Allocate, out var descriptor);
            return errno == Errno.Success ? descriptor.Allocate(call.UInt64(1), call.UInt64(2)) : errno;
        });

        // fd_close(fd).
        table.Add("fd_close", "i", static (ref call, context) => context.Descriptors.Close(call.UInt32(0)));

        // fd_datasync(fd), fd_sync(fd).
        table.Add("fd_datasync", "i", static (ref call, context) => Sync(ref call, context, Rights.DataSync, dataOnly: true));
        table.Add("fd_sync", "i", static (ref call, context) => Sync(ref call, context, Rights.Sync, dataOnly: false));

        // fd_fdstat_get(fd, stat): u8 filetype at 0, u16 flags at 2, u64 rights at 8 and 16.
        table.Add("fd_fdstat_get", "ii", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.None, out var descriptor);

            if (errno != Errno.Success)
                return errno;

            if (!call.Memory.TryGetSpan(call.UInt32(1), 24, out var bytes))
                return Errno.Fault;

            bytes.Clear();
            bytes[0] = (byte)descriptor.Type;
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)descriptor.Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (ulong)descriptor.Rights);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (ulong)descriptor.InheritingRights);
            return Errno.Success;
        });

        // fd_fdstat_set_flags(fd, flags). inval for unknown flags. The standard streams take them and do not change: Go must not think that they do not block.
        table.Add("fd_fdstat_set_flags", "ii", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.SetFlags, out var descriptor);

            if (errno == Errno.Success && call.UInt32(1) > 31)
                return Errno.Invalid;

            return errno == Errno.Success ? descriptor.SetFlags((DescriptorFlags)call.UInt32(1)) : errno;
        });

        // fd_fdstat_set_rights(fd, base, inheriting): rights can only be given up. notcapable for more than there are.
        table.Add("fd_fdstat_set_rights", "iII", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.None, out var descriptor);

            if (errno != Errno.Success)
                return errno;

            var (rights, inheriting) = ((Rights)call.UInt64(1), (Rights)call.UInt64(2));

            if ((rights & ~descriptor.Rights) != Rights.None || (inheriting & ~descriptor.InheritingRights) != Rights.None)
                return Errno.NotCapable;

            descriptor.Rights = rights;
            descriptor.InheritingRights = inheriting;
            return Errno.Success;
        });

        // fd_filestat_get(fd, stat): 64 bytes.
        table.Add("fd_filestat_get", "ii", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.FileStatGet, out var descriptor);

            if (errno != Errno.Success || (errno = descriptor.GetStatus(out var status)) != Errno.Success)
                return errno;

            return FileStatusLayout.Write(call.Memory, call.UInt32(1), status);
        });

        // fd_filestat_set_size(fd, size).
        table.Add("fd_filestat_set_size", "iI", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.FileStatSetSize, out var descriptor);
            return errno == Errno.Success ? descriptor.SetSize(call.UInt64(1)) : errno;
        });

        // fd_filestat_set_times(fd, atim, mtim, flags). inval for flags that contradict each other.
        table.Add("fd_filestat_set_times", "iIIi", static (ref call, context) =>
        {
            var errno = context.Descriptors.Find(call.UInt32(0), Rights.FileStatSetTimes, out var descriptor);

            if (errno != Errno.Success || (errno = FileStatusLayout.ReadTimes(context, call.UInt64(1), call.UInt64(2), call.UInt32(3), out var times)) != Errno.Success)
                return errno;

            return descriptor.SetTimes(times);
        });

        AddTransfers(table);

        // fd_prestat_get(fd, prestat): u8 tag 0 for a directory, u32 length of its name at 4. badf for what was not open from the start: Go ends its search so.
        table.Add("fd_prestat_get", "ii", static (ref call, context) =>
        {
            if (context.Descriptors.Find(call.UInt32(0))?.PreopenedName is not { } name)
                return Errno.BadDescriptor;

            if (!call.Memory.TryGetSpan(call.UInt32(1), 8, out var bytes))
                return Errno.Fault;

            bytes.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)name.Length);
            return Errno.Success;
        });

        // fd_prestat_dir_name(fd, path, path_len): the name without an end mark. nametoolong where there is no room for it.
        table.Add("fd_prestat_dir_name", "iii", static (ref call, context) =>
        {
            if (context.Descriptors.Find(call.UInt32(0))?.PreopenedName is not { } name)
                return Errno.BadDescriptor;

            if (call.UInt32(2) < (uint)name.Length)
                return Errno.NameTooLong;

            return call.Memory.TryWrite(call.UInt32(1), name) ? Errno.Success : Errno.Fault;
        });

        // fd_readdir(fd, buf, buf_len, cookie, bufused): entries of 24 bytes and their names, the last one cut where the buffer ends. A cookie is the
        // number of entries before; 0 looks anew.
        table.Add("fd_readdir", "iiiIi", ReadDirectory);

        // fd_renumber(from, to): to is closed, from moves there. badf unless both are open.
        table.Add("fd_renumber", "ii", static (ref call, context) => context.Descriptors.Renumber(call.UInt32(0), call.UInt32(1)));

        // fd_seek(fd, delta, whence, position): whence 0 start, 1 current, 2 end. inval for another whence or a negative position, spipe.
        table.Add("fd_seek", "iIii", static (ref call, context) => Seek(ref call, context, call.Int64(1), call.UInt32(2), call.UInt32(3), Rights.Seek));

        // fd_tell(fd, position).
        table.Add("fd_tell", "ii", static (ref call, context) => Seek(ref call, context, 0, 1, call.UInt32(1), Rights.Tell));
    }

    private static void AddTransfers(FunctionTable table)
    {
        // fd_read(fd, iovs, iovs_len, nread). 0 read is the end.
        table.Add("fd_read", "iiii", static (ref call, context) => Transfer(ref call, context, Rights.Read, call.UInt32(3), 0,
            static (Span<byte> buffer, ref TransferState state, out int done) =>
            {
                done = 0;

                if (state.Offset > 0 && state.Descriptor.ReadsWait)
                    return Errno.Success;

                var errno = state.Descriptor.Read(buffer, out done);
                state.Offset += (uint)done;
                return errno;
            }));

        // fd_write(fd, iovs, iovs_len, nwritten).
        table.Add("fd_write", "iiii", static (ref call, context) => Transfer(ref call, context, Rights.Write, call.UInt32(3), 0,
            static (Span<byte> buffer, ref TransferState state, out int done) => state.Descriptor.Write(buffer, out done)));

        // fd_pread(fd, iovs, iovs_len, offset, nread), which leaves the descriptor's own offset alone. spipe.
        table.Add("fd_pread", "iiiIi", static (ref call, context) => Transfer(ref call, context, Rights.Read | Rights.Seek, call.UInt32(4), call.UInt64(3),
            static (Span<byte> buffer, ref TransferState state, out int done) =>
            {
                var errno = state.Descriptor.ReadAt(buffer, state.Offset, out done);
                state.Offset += (uint)done;
                return errno;
            }));

        // fd_pwrite(fd, iovs, iovs_len, offset, nwritten). spipe.
        table.Add("fd_pwrite", "iiiIi", static (ref call, context) => Transfer(ref call, context, Rights.Write | Rights.Seek, call.UInt32(4), call.UInt64(3),
            static (Span<byte> buffer, ref TransferState state, out int done) =>
            {
                var errno = state.Descriptor.WriteAt(buffer, state.Offset, out done);
                state.Offset += (uint)done;
                return errno;
            }));
    }

    private static Errno Transfer(ref HostCall call, WasiContext context, Rights rights, uint result, ulong offset, BufferOperation<TransferState> operation)
    {
        var errno = context.Descriptors.Find(call.UInt32(0), rights, out var descriptor);

        if (errno != Errno.Success)
            return errno;

        if (!call.Memory.TryGetSpan(result, sizeof(uint), out _))
            return Errno.Fault;

        var state = new TransferState { Descriptor = descriptor, Offset = offset };
        uint total;

        // Only a socket can make one wait; the host does it, so that a deadline ends it.
        while ((errno = Iovecs.Transfer(ref call, call.UInt32(1), call.UInt32(2), ref state, operation, out total)) == Errno.Again
            && !descriptor.Flags.HasFlag(DescriptorFlags.NonBlocking))
        {
            call.Sleep(TimeSpan.FromMilliseconds(2));
        }

        if (errno == Errno.Success)
            call.Memory.TryWriteUInt32(result, total);

        return errno;
    }

    private static Errno Sync(ref HostCall call, WasiContext context, Rights right, bool dataOnly)
    {
        var errno = context.Descriptors.Find(call.UInt32(0), right, out var descriptor);
        return errno == Errno.Success ? descriptor.Sync(dataOnly) : errno;
    }

    private static Errno Seek(ref HostCall call, WasiContext context, long delta, uint whence, uint result, Rights right)
    {
        var errno = context.Descriptors.Find(call.UInt32(0), right, out var descriptor);

        if (errno == Errno.Success && whence > 2)
            return Errno.Invalid;

        // Before the offset moves.
        if (errno == Errno.Success && !call.Memory.TryGetSpan(result, sizeof(ulong), out _))
            return Errno.Fault;

        if (errno != Errno.Success || (errno = descriptor.Seek(delta, (byte)whence, out var position)) != Errno.Success)
            return errno;

        call.Memory.TryWriteUInt64(result, position);
        return Errno.Success;
    }

    private static Errno ReadDirectory(ref HostCall call, WasiContext context)
    {
        var (buffer, length, cookie, result) = (call.UInt32(1), call.UInt32(2), call.UInt64(3), call.UInt32(4));
        var errno = context.Descriptors.Find(call.UInt32(0), Rights.ReadDirectory, out var descriptor);

        if (errno != Errno.Success)
            return errno;

        if (!call.Memory.TryGetSpan(buffer, length, out var rest) || !call.Memory.TryGetSpan(result, sizeof(uint), out _))
            return Errno.Fault;

        Span<byte> head = stackalloc byte[(int)DirectoryEntryBytes];

        while (!rest.IsEmpty)
        {
            errno = descriptor.ReadDirectory(cookie, out var entry);

            if (errno == Errno.Again)
            {
                call.ThrowIfInterrupted();
                continue;
            }

            if (errno != Errno.Success)
                return errno;

            if (entry is null)
                break;

            head.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(head, ++cookie);
            BinaryPrimitives.WriteUInt64LittleEndian(head[8..], entry.Inode);
            BinaryPrimitives.WriteUInt32LittleEndian(head[16..], (uint)entry.Name.Length);
            head[20] = (byte)entry.Type;
            rest = Append(rest, head);
            rest = Append(rest, entry.Name);
        }

        call.Memory.TryWriteUInt32(result, length - (uint)rest.Length);
        return Errno.Success;
    }

    private static Span<byte> Append(Span<byte> rest, scoped ReadOnlySpan<byte> bytes)
    {
        var fits = Math.Min(rest.Length, bytes.Length);
        bytes[..fits].CopyTo(rest);
        return rest[fits..];
    }

    private struct TransferState
    {
        public Descriptor Descriptor;

        /// <summary>Where in the file the next bytes are; without a file, how many there were.</summary>
        public ulong Offset;
    }
}
