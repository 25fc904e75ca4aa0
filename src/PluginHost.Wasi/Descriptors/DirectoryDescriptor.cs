using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PluginHost.Wasi.Descriptors;

/// <summary>
/// An open directory, and what can be done with paths below it. Everything works relative to the open directory and stays beneath it: see
/// <see cref="PathResolution"/>.
/// </summary>
internal sealed class DirectoryDescriptor : Descriptor
{
    private const int BlockBytes = 32 * 1024;
    private const int EntryHeadBytes = 19;
    private const uint NewFileMode = 0x1B6;
    private const uint NewDirectoryMode = 0x1FF;

    /// <summary>How often a name is looked at anew that others replace by a link at the same moment.</summary>
    private const int Attempts = 8;

    private readonly SafeFileHandle _handle;
    private readonly bool _isReadOnly;
    private readonly bool _includesDevices;
    private readonly bool _kernelResolves;
    private readonly byte[]? _preopenedName;

    /// <summary>The entries of the last block and of the one before, which a guest may ask for again as the last one did not fit.</summary>
    private readonly List<DirectoryEntry> _window = [];
    private ulong _windowStart;
    private int _lastBlockLength;
    private bool _isAtEnd;

    private DirectoryDescriptor(SafeFileHandle handle, Rights rights, Rights inheriting, bool isReadOnly, bool includesDevices, bool kernelResolves, byte[]? preopenedName)
        : base(FileType.Directory, rights, inheriting)
    {
        _handle = handle;
        _isReadOnly = isReadOnly;
        _includesDevices = includesDevices;
        _kernelResolves = kernelResolves;
        _preopenedName = preopenedName;
    }

    public override bool IsReadOnly => _isReadOnly;

    public override byte[]? PreopenedName => _preopenedName;

    /// <exception cref="IOException">The directory cannot be opened.</exception>
    /// <exception cref="PlatformNotSupportedException">The system lacks what keeps guests inside.</exception>
    public static DirectoryDescriptor Open(Preopen preopen) => Open(preopen, PathResolution.KernelResolves);

    /// <param name="kernelResolves">Whether to leave the resolution of paths to the kernel.</param>
    public static DirectoryDescriptor Open(Preopen preopen, bool kernelResolves)
    {
        if (!Posix.IsSupported)
            throw new PlatformNotSupportedException($"'{preopen.GuestPath}' cannot be granted: directories are offered to guests on Linux for x64 and arm64 only");

        if (preopen.HostPath.Contains('\0', StringComparison.Ordinal) || preopen.GuestPath.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("the path of a directory contains a NUL", nameof(preopen));

        var errno = OpenHostDirectory(preopen, kernelResolves, out var handle);

        if (errno != Errno.Success)
            throw new IOException($"'{preopen.HostPath}' cannot be opened as a directory: {errno}");

        var granted = preopen.IsReadOnly ? ~Rights.Mutating : Rights.All;

        return new DirectoryDescriptor(
            handle,
            Rights.OfDirectory & granted,
            (Rights.OfDirectory | Rights.OfFile) & granted,
            preopen.IsReadOnly,
            preopen.IncludesDevices,
            kernelResolves,
            Encoding.UTF8.GetBytes(preopen.GuestPath));
    }

    public override Errno Sync(bool dataOnly) => Posix.Check(dataOnly ? Posix.SyncData(_handle) : Posix.SyncAll(_handle));

    public override Errno GetStatus(out FileStatus status) => Posix.GetStatus(_handle, [0], Posix.EmptyPath, out status);

    public override Errno SetTimes(in FileTimes times) => Posix.SetTimes(_handle, times);

    public override Errno SetFlags(DescriptorFlags flags)
    {
        Flags = flags;
        return Errno.Success;
    }

    public override Errno ReadDirectory(ulong number, out DirectoryEntry? entry)
    {
        entry = null;

        if (number == 0 || number < _windowStart)
        {
            var errno = Posix.Check((nint)Posix.Seek(_handle, 0, 0));

            if (errno != Errno.Success)
                return errno;

            _window.Clear();
            _windowStart = 0;
            _lastBlockLength = 0;
        }

        if (number - _windowStart >= (ulong)_window.Count)
        {
            var errno = ReadBlock();

            if (errno != Errno.Success || _isAtEnd)
                return errno;

            if (number - _windowStart >= (ulong)_window.Count)
                return Errno.Again;
        }

        entry = _window[(int)(number - _windowStart)];
        return Errno.Success;
    }

    /// <summary>Opens a file or directory. What is neither is not opened: a device or a pipe could make the host wait, or do something.</summary>
    public Errno OpenPath(ReadOnlySpan<byte> path, bool follow, OpenFlags how, Rights rights, Rights inheriting, DescriptorFlags flags, out Descriptor? opened)
    {
        opened = null;

        if ((how & (OpenFlags.Create | OpenFlags.Directory)) == (OpenFlags.Create | OpenFlags.Directory))
            return Errno.Invalid;

        // A directory is not written to, even where every right there is was asked for.
        var writes = rights.HasFlag(Rights.Write) && !how.HasFlag(OpenFlags.Directory);
        var needed = Rights.Open | (how.HasFlag(OpenFlags.Create) ? Rights.CreateFile : Rights.None);

        // Who may be given a descriptor that can set the size gains nothing by truncating. Go opens the directory of an os.Root without the right to it.
        if (how.HasFlag(OpenFlags.Truncate) && !InheritingRights.HasFlag(Rights.FileStatSetSize))
            needed |= Rights.PathFileStatSetSize;

        var errno = Check(needed);

        if (errno != Errno.Success)
            return errno;

        // Go asks for every right there is. Less is given where there are less, but writing where it is not allowed must fail at once.
        if (writes && !InheritingRights.HasFlag(Rights.Write))
            return _isReadOnly ? Errno.ReadOnly : Errno.NotCapable;

        rights &= InheritingRights;
        inheriting &= InheritingRights;
        var mode = Mode(writes, rights.HasFlag(Rights.Read), how, flags);

        // A name to be made is no link's; one with a slash behind it means what the link leads to.
        follow = (follow || path is [.., (byte)'/']) && !how.HasFlag(OpenFlags.Exclusive);

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            errno = PathResolution.Resolve(_handle, path, follow, _kernelResolves, out var resolved);

            if (errno != Errno.Success)
                return errno;

            using (resolved)
                errno = Open(resolved, mode, how, rights, inheriting, flags, out opened);

            // The name has become a link since.
            if (errno != Errno.Loop || !follow)
                return errno;
        }

        return errno;
    }

    public Errno GetPathStatus(ReadOnlySpan<byte> path, bool follow, out FileStatus status)
    {
        status = default;
        var errno = Resolve(path, follow || path is [.., (byte)'/'], out var resolved);

        if (errno != Errno.Success)
            return errno;

        using (resolved)
            return resolved.GetStatus(out status);
    }

    public Errno SetPathTimes(ReadOnlySpan<byte> path, bool follow, in FileTimes times)
    {
        var errno = Resolve(path, follow || path is [.., (byte)'/'], out var resolved);

        if (errno != Errno.Success)
            return errno;

        using (resolved)
        {
            errno = CheckSlash(resolved);
            return errno == Errno.Success ? Posix.SetTimes(resolved.Directory, resolved.Name, times) : errno;
        }
    }

    public Errno CreateDirectory(ReadOnlySpan<byte> path)
    {
        var errno = Resolve(path, follow: false, out var resolved);

        if (errno != Errno.Success)
            return errno;

        using (resolved)
            return Posix.Check(Posix.MakeDirectory(resolved.Directory, resolved.Name, NewDirectoryMode));
    }

    /// <param name="directory">Whether an empty directory is removed, and else anything but a directory.</param>
    public Errno Remove(ReadOnlySpan<byte> path, bool directory)
    {
        var errno = Resolve(path, follow: false, out var resolved);

        if (errno != Errno.Success)
            return errno;

        using (resolved)
        {
            errno = CheckSlash(resolved);
            return errno == Errno.Success ? Posix.Check(Posix.Unlink(resolved.Directory, resolved.Name, directory ? Posix.RemoveDirectory : 0)) : errno;
        }
    }

    public Errno Rename(ReadOnlySpan<byte> path, DirectoryDescriptor target, ReadOnlySpan<byte> newPath)
    {
        var errno = Resolve(path, follow: false, out var source);

        if (errno != Errno.Success)
            return errno;

        using (source)
        {
            errno = target.Resolve(newPath, follow: false, out var destination);

            if (errno != Errno.Success)
                return errno;

            using (destination)
            {
                // A slash behind either name says that it is a directory which is renamed.
                errno = CheckSlash(source with { MustBeDirectory = source.MustBeDirectory || destination.MustBeDirectory });
                return errno == Errno.Success ? Posix.Check(Posix.Rename(source.Directory, source.Name, destination.Directory, destination.Name)) : errno;
            }
        }
    }

    public Errno Link(ReadOnlySpan<byte> path, bool follow, DirectoryDescriptor target, ReadOnlySpan<byte> newPath)
    {
        var errno = Resolve(path, follow, out var source);

        if (errno != Errno.Success)
            return errno;

        using (source)
        {
            errno = target.Resolve(newPath, follow: false, out var destination);

            if (errno != Errno.Success)
                return errno;

            using (destination)
            {
                errno = CheckSlash(source);

                if (errno != Errno.Success)
                    return errno;

                return destination.MustBeDirectory ? Errno.NoEntry : Posix.Check(Posix.Link(source.Directory, source.Name, destination.Directory, destination.Name, 0));
            }
        }
    }

    /// <summary>
    /// Makes a symbolic link. An absolute target is refused, as it would mean something else to the host than to the guest. One that leads out by <c>..</c>
    /// can be made, but no guest can follow it.
    /// </summary>
    public Errno CreateSymbolicLink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> path)
    {
        if (target.IsEmpty)
            return Errno.NoEntry;

        if (target.Contains((byte)0))
            return Errno.Invalid;

        if (target[0] == '/')
            return Errno.NotPermitted;

        var errno = Resolve(path, follow: false, out var resolved);

        if (errno != Errno.Success)
            return errno;

        using (resolved)
            return resolved.MustBeDirectory && !resolved.IsHere ? Errno.NoEntry : Posix.Check(Posix.SymbolicLink([.. target, 0], resolved.Directory, resolved.Name));
    }

    public Errno ReadLink(ReadOnlySpan<byte> path, out byte[] target)
    {
        target = [];
        var errno = Resolve(path, follow: false, out var resolved);

        if (errno != Errno.Success)
            return errno;

        using (resolved)
        {
            errno = CheckSlash(resolved);
            return errno == Errno.Success ? PathResolution.ReadLink(resolved.Directory, resolved.Name, out target) : errno;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);

        if (disposing)
            _handle.Dispose();
    }

    private static Errno OpenHostDirectory(Preopen preopen, bool kernelResolves, out SafeFileHandle handle)
    {
        var flags = Posix.ReadOnly | Posix.NoControllingTerminal | Posix.Directory;
        var errno = Posix.Open(Encoding.UTF8.GetBytes((preopen.Within ?? preopen.HostPath) + '\0'), flags, out handle);

        if (errno != Errno.Success || preopen.Within is null)
            return errno;

        using var root = handle;
        errno = PathResolution.OpenDirectory(root, Encoding.UTF8.GetBytes(Path.GetRelativePath(preopen.Within, preopen.HostPath)), kernelResolves, out var found);

        if (errno != Errno.Success)
            return errno;

        // The place is open; to list it, it must be opened for reading.
        using (found)
            return Posix.Open(found, [(byte)'.', 0], flags, 0, out handle);
    }

    private static Errno CheckSlash(in ResolvedPath resolved) => resolved.MustBeDirectory && !resolved.IsHere ? resolved.GetStatus(out _) : Errno.Success;

    private static int Mode(bool writes, bool reads, OpenFlags how, DescriptorFlags flags)
    {
        var mode = (writes ? reads ? Posix.ReadWrite : Posix.WriteOnly : Posix.ReadOnly) | Posix.NoFollow | Posix.NonBlocking | Posix.NoControllingTerminal;
        mode |= how.HasFlag(OpenFlags.Create) ? Posix.Create : 0;
        mode |= how.HasFlag(OpenFlags.Exclusive) ? Posix.Exclusive : 0;
        mode |= how.HasFlag(OpenFlags.Truncate) ? Posix.Truncate : 0;
        mode |= how.HasFlag(OpenFlags.Directory) ? Posix.Directory : 0;
        mode |= flags.HasFlag(DescriptorFlags.Append) ? Posix.Append : 0;
        mode |= flags.HasFlag(DescriptorFlags.DataSync) ? Posix.DataSync : 0;
        return mode | ((flags & (DescriptorFlags.Sync | DescriptorFlags.ReadSync)) != DescriptorFlags.None ? Posix.Sync : 0);
    }

    private Errno Resolve(ReadOnlySpan<byte> path, bool follow, out ResolvedPath resolved) => PathResolution.Resolve(_handle, path, follow, _kernelResolves, out resolved);

    private Errno Open(in ResolvedPath resolved, int mode, OpenFlags how, Rights rights, Rights inheriting, DescriptorFlags flags, out Descriptor? opened)
    {
        opened = null;

        // Looked at before opening, as opening is what a device or a pipe would notice; and again behind it, as it may have been replaced in between.
        var errno = resolved.GetStatus(out var status);

        if (errno == Errno.NoEntry && how.HasFlag(OpenFlags.Create))
        {
            // Nothing may be made where the guest means a directory.
            if (resolved.MustBeDirectory)
                return Errno.IsDirectory;
        }
        else if (errno != Errno.Success)
        {
            return errno;
        }
        else if (!CanBeOpened(status.Type) && status.Type != FileType.SymbolicLink)
        {
            return Errno.Access;
        }

        errno = Posix.Open(resolved.Directory, resolved.Name, mode, NewFileMode, out var handle);

        if (errno == Errno.Success)
            errno = Posix.GetStatus(handle, [0], Posix.EmptyPath, out status);

        if (errno == Errno.Success && !CanBeOpened(status.Type))
            errno = Errno.Access;

        if (errno != Errno.Success)
        {
            handle.Dispose();
            return errno;
        }

        opened = status.Type == FileType.Directory
            ? new DirectoryDescriptor(handle, rights & Rights.OfDirectory, inheriting, _isReadOnly, _includesDevices, _kernelResolves, null) { Flags = flags }
            : new FileDescriptor(handle, status.Type, rights & Rights.OfFile, inheriting, _isReadOnly) { Flags = flags };

        return Errno.Success;
    }

    private bool CanBeOpened(FileType type) => type is FileType.RegularFile or FileType.Directory || (type == FileType.CharacterDevice && _includesDevices);

    private Errno ReadBlock()
    {
        var block = new byte[BlockBytes];
        var length = Posix.GetDirectoryEntries(_handle, block);
        var errno = Posix.Check(length);

        // Linux says so of a directory that was removed while it was open; it has no entries left.
        if (errno == Errno.NoEntry)
            (errno, length) = (Errno.Success, 0);

        if (errno != Errno.Success)
            return errno;

        // At the end the window stays as it is.
        if (length > 0)
        {
            _windowStart += (ulong)(_window.Count - _lastBlockLength);
            _window.RemoveRange(0, _window.Count - _lastBlockLength);
        }

        var before = _window.Count;

        for (var rest = block.AsSpan(0, (int)length); !rest.IsEmpty;)
        {
            var name = rest[EntryHeadBytes..BinaryPrimitives.ReadUInt16LittleEndian(rest[16..])];
            _window.Add(new DirectoryEntry(name[..name.IndexOf((byte)0)].ToArray(), BinaryPrimitives.ReadUInt64LittleEndian(rest), Posix.TypeOfEntry(rest[18])));
            rest = rest[BinaryPrimitives.ReadUInt16LittleEndian(rest[16..])..];
        }

        if (length > 0)
            _lastBlockLength = _window.Count - before;

        _isAtEnd = length == 0;
        return Errno.Success;
    }
}
