using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginHost.Wasi.Descriptors;

/// <summary>An open regular file, or a character device where those are granted.</summary>
internal sealed class FileDescriptor(SafeFileHandle handle, FileType type, Rights rights, Rights inheriting, bool isReadOnly)
    : Descriptor(type, rights, inheriting)
{
    private const DescriptorFlags Synchronous = DescriptorFlags.DataSync | DescriptorFlags.ReadSync | DescriptorFlags.Sync;

    /// <summary>The advice of WASI by its number as Linux numbers it: normal, sequential, random, will need, will not need, use once.</summary>
    private static readonly int[] Advices = [0, 2, 1, 3, 4, 5];

    public override bool IsReadOnly => isReadOnly;

    public override Errno Read(Span<byte> buffer, out int read) =>
        Moved(Posix.Read(handle, ref MemoryMarshal.GetReference(buffer), buffer.Length), out read);

    public override Errno ReadAt(Span<byte> buffer, ulong offset, out int read)
    {
        read = 0;
        return offset > long.MaxValue ? Errno.Invalid : Moved(Posix.ReadAt(handle, ref MemoryMarshal.GetReference(buffer), buffer.Length, (long)offset), out read);
    }

    public override Errno Write(ReadOnlySpan<byte> bytes, out int written) =>
        Moved(Posix.Write(handle, ref MemoryMarshal.GetReference(bytes), bytes.Length), out written);

    public override Errno WriteAt(ReadOnlySpan<byte> bytes, ulong offset, out int written)
    {
        written = 0;
        return offset > long.MaxValue ? Errno.Invalid : Moved(Posix.WriteAt(handle, ref MemoryMarshal.GetReference(bytes), bytes.Length, (long)offset), out written);
    }

    public override Errno Seek(long offset, byte whence, out ulong position)
    {
        var result = Posix.Seek(handle, offset, whence);
        position = (ulong)Math.Max(result, 0);
        return Posix.Check((nint)result);
    }

    public override Errno Sync(bool dataOnly) => Posix.Check(dataOnly ? Posix.SyncData(handle) : Posix.SyncAll(handle));

    public override Errno Advise(ulong offset, ulong length, byte advice) => offset > long.MaxValue || length > long.MaxValue
        ? Errno.Invalid
        : Posix.Advise(handle, (long)offset, (long)length, Advices[advice]) is var error and not 0 ? Posix.ToErrno(error) : Errno.Success;

    // The C library's own posix_fallocate would write block after block where the file system cannot do it, for as long as the guest likes.
    public override Errno Allocate(ulong offset, ulong length) => offset > long.MaxValue || length > long.MaxValue
        ? Errno.Invalid
        : Posix.Check(Posix.Allocate(handle, 0, (long)offset, (long)length));

    public override Errno GetStatus(out FileStatus status) => Posix.GetStatus(handle, [0], Posix.EmptyPath, out status);

    public override Errno SetSize(ulong size) => size > long.MaxValue ? Errno.FileTooLarge : Posix.Check(Posix.SetLength(handle, (long)size));

    public override Errno SetTimes(in FileTimes times) => Posix.SetTimes(handle, times);

    public override Errno SetFlags(DescriptorFlags flags)
    {
        // Linux cannot change after opening whether writes wait for the disk.
        if (((flags ^ Flags) & Synchronous) != DescriptorFlags.None)
            return Errno.NotSupported;

        var errno = Posix.Check(Posix.Control(handle, Posix.SetFlagsCommand, Posix.NonBlocking | (flags.HasFlag(DescriptorFlags.Append) ? Posix.Append : 0)));

        if (errno == Errno.Success)
            Flags = flags;

        return errno;
    }

    public override long? ReadyToRead() => GetStatus(out var status) == Errno.Success && Seek(0, 1, out var position) == Errno.Success
        ? (long)Math.Min(status.Size - Math.Min(position, status.Size), long.MaxValue)
        : 0;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        if (disposing)
            handle.Dispose();
    }

    private static Errno Moved(nint result, out int moved)
    {
        moved = (int)Math.Max(result, 0);
        return Posix.Check(result);
    }
}
