using System.Buffers.Binary;
using PluginHost.Wasi.Descriptors;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>The 64 bytes of <c>filestat</c>, and how times are given for a file.</summary>
internal static class FileStatusLayout
{
    private const uint Size = 64;
    private const uint SetAccessTime = 1;
    private const uint SetAccessTimeNow = 2;
    private const uint SetModificationTime = 4;
    private const uint SetModificationTimeNow = 8;

    public static Errno Write(LinearMemory memory, uint address, in FileStatus status)
    {
        if (!memory.TryGetSpan(address, Size, out var bytes))
            return Errno.Fault;

        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, status.Device);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], status.Inode);
        bytes[16] = (byte)status.Type;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], status.Links);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], status.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], status.AccessTime);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], status.ModificationTime);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], status.ChangeTime);
        return Errno.Success;
    }

    /// <summary>The times that flags (type <c>fstflags</c>) ask for; both ways of setting one are a contradiction.</summary>
    public static Errno ReadTimes(WasiContext context, ulong access, ulong modification, uint flags, out FileTimes times)
    {
        times = default;

        if (flags > 15 || (flags & (SetAccessTime | SetAccessTimeNow)) == (SetAccessTime | SetAccessTimeNow)
            || (flags & (SetModificationTime | SetModificationTimeNow)) == (SetModificationTime | SetModificationTimeNow))
        {
            return Errno.Invalid;
        }

        ClockFunctions.TryRead(context, 0, out var now);
        times = new FileTimes(
            (flags & SetAccessTime) != 0 ? access : (flags & SetAccessTimeNow) != 0 ? now : null,
            (flags & SetModificationTime) != 0 ? modification : (flags & SetModificationTimeNow) != 0 ? now : null);
        return Errno.Success;
    }
}
