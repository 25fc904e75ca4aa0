using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace PluginHost.Wasi.Descriptors;

/// <summary>
/// The system calls of Linux that files and directories need and the base library has not: those that work relative to an open directory, so that nothing
/// renamed meanwhile can lead out of it. Paths are bytes with an end mark. Constants that differ between processors are chosen by the running one.
/// </summary>
internal static class Posix
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoControllingTerminal = 0x100;
    public const int Truncate = 0x200;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;
    public const int DataSync = 0x1000;
    public const int CloseOnExec = 0x80000;
    public const int Sync = 0x101000;

    /// <summary>Opens only the place, not what is there: no device hears of it.</summary>
    public const int PathOnly = 0x200000;

    public const int CurrentDirectory = -100;
    public const int SymbolicLinkNoFollow = 0x100;
    public const int RemoveDirectory = 0x200;
    public const int EmptyPath = 0x1000;
    public const int SetFlagsCommand = 4;

    /// <summary>Of <c>openat2</c>: nothing outside of the directory, and none of /proc's links that are no paths.</summary>
    public const ulong ResolveBeneath = 0x08;
    public const ulong ResolveNoMagicLinks = 0x02;

    public const int Again = 11;
    public const int CrossDevice = 18;
    public const int NotADirectory = 20;

    private const string Library = "libc";
    private const nint OpenAt2Call = 437;
    private const uint StatXBasic = 0x7FF;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly nint GetDirectoryEntriesCall = IsArm ? 61 : 217;

    /// <summary>Whether the numbers above are this system's.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static int Directory { get; } = IsArm ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    /// <summary>The error of the call before as <c>errno</c> has it.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>What a call that gives −1 on failure means for a guest.</summary>
    public static Errno Check(nint result) => result < 0 ? ToErrno(LastError) : Errno.Success;

    public static Errno Open(SafeHandle directory, byte[] path, int flags, uint mode, out SafeFileHandle opened)
    {
        var number = OpenAt(directory, path, flags | CloseOnExec, mode);
        opened = new SafeFileHandle(number, ownsHandle: true);
        return Check(number);
    }

    /// <summary>Opens a path of the host's own.</summary>
    public static Errno Open(byte[] path, int flags, out SafeFileHandle opened)
    {
        var number = OpenAt(CurrentDirectory, path, flags | CloseOnExec, 0);
        opened = new SafeFileHandle(number, ownsHandle: true);
        return Check(number);
    }

    /// <summary>Opens a path with restrictions that the kernel keeps while it resolves it.</summary>
    /// <returns>0 or the system's error.</returns>
    public static int OpenBeneath(SafeHandle directory, byte[] path, int flags, out SafeFileHandle opened)
    {
        var how = new OpenHow { Flags = (uint)(flags | CloseOnExec), Resolve = ResolveBeneath | ResolveNoMagicLinks };
        var number = OpenAt2(OpenAt2Call, directory, path, ref how, Marshal.SizeOf<OpenHow>());
        opened = new SafeFileHandle(number, ownsHandle: true);
        return number < 0 ? LastError : 0;
    }

    /// <summary>The attributes of what a name in a directory stands for, or with <see cref="EmptyPath"/> and no name of what is open.</summary>
    public static Errno GetStatus(SafeHandle directory, byte[] name, int flags, out FileStatus status)
    {
        var errno = Check(StatX(directory, name, flags, StatXBasic, out var raw));

        status = errno != Errno.Success ? default : new FileStatus(
            ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor,
            raw.Inode,
            TypeOfMode(raw.Mode),
            raw.Links,
            raw.Size,
            raw.AccessTime.Nanoseconds,
            raw.ModificationTime.Nanoseconds,
            raw.ChangeTime.Nanoseconds);

        return errno;
    }

    /// <summary>The next entries of an open directory, each of u64 inode, i64 offset, u16 length, u8 type and a name with an end mark.</summary>
    public static nint GetDirectoryEntries(SafeHandle directory, byte[] buffer) => GetDirectoryEntries(GetDirectoryEntriesCall, directory, buffer, buffer.Length);

    public static Errno SetTimes(SafeHandle file, in FileTimes times)
    {
        TimeSpecification[] both = [new(times.AccessTime), new(times.ModificationTime)];
        return Check(SetTimes(file, both));
    }

    public static Errno SetTimes(SafeHandle directory, byte[] name, in FileTimes times)
    {
        TimeSpecification[] both = [new(times.AccessTime), new(times.ModificationTime)];
        return Check(SetTimesAt(directory, name, both, SymbolicLinkNoFollow));
    }

    /// <summary>The type as a directory's entry has it.</summary>
    public static FileType TypeOfEntry(byte type) => type switch
    {
        2 => FileType.CharacterDevice,
        4 => FileType.Directory,
        6 => FileType.BlockDevice,
        8 => FileType.RegularFile,
        10 => FileType.SymbolicLink,
        12 => FileType.SocketStream,
        _ => FileType.Unknown,
    };

    public static Errno ToErrno(int error) => error switch
    {
        1 => Errno.NotPermitted,
        2 => Errno.NoEntry,
        4 => Errno.Interrupted,
        5 => Errno.IO,
        6 => Errno.NoDevice,
        7 => Errno.TooBig,
        9 => Errno.BadDescriptor,
        Again => Errno.Again,
        12 => Errno.NoMemory,
        13 => Errno.Access,
        14 => Errno.Fault,
        16 => Errno.Busy,
        17 => Errno.Exists,
        CrossDevice => Errno.CrossDevice,
        19 => Errno.NoDevice,
        NotADirectory => Errno.NotDirectory,
        21 => Errno.IsDirectory,
        22 => Errno.Invalid,
        23 => Errno.TooManyOpenInSystem,
        24 => Errno.TooManyOpen,
        25 => Errno.NoTty,
        26 => Errno.TextBusy,
        27 => Errno.FileTooLarge,
        28 => Errno.NoSpace,
        29 => Errno.IllegalSeek,
        30 => Errno.ReadOnly,
        31 => Errno.TooManyLinks,
        32 => Errno.Pipe,
        34 => Errno.Range,
        36 => Errno.NameTooLong,
        38 => Errno.NoSystem,
        39 => Errno.NotEmpty,
        40 => Errno.Loop,
        75 => Errno.Overflow,
        84 => Errno.IllegalSequence,
        95 => Errno.NotSupported,
        116 => Errno.Stale,
        122 => Errno.Quota,
        _ => Errno.IO,
    };

    private static FileType TypeOfMode(ushort mode) => TypeOfEntry((byte)(mode >> 12));

    // Written as DllImport with blittable arguments: what LibraryImport generates is unsafe code, which only the engine has.
#pragma warning disable SYSLIB1054

    [DllImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    public static extern int MakeDirectory(SafeHandle directory, byte[] name, uint mode);

    [DllImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    public static extern int Unlink(SafeHandle directory, byte[] name, int flags);

    [DllImport(Library, EntryPoint = "renameat", SetLastError = true)]
    public static extern int Rename(SafeHandle fromDirectory, byte[] from, SafeHandle toDirectory, byte[] to);

    [DllImport(Library, EntryPoint = "linkat", SetLastError = true)]
    public static extern int Link(SafeHandle fromDirectory, byte[] from, SafeHandle toDirectory, byte[] to, int flags);

    [DllImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    public static extern int SymbolicLink(byte[] target, SafeHandle directory, byte[] name);

    [DllImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
    public static extern nint ReadLink(SafeHandle directory, byte[] name, byte[] buffer, nint length);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    public static extern nint Read(SafeHandle file, ref byte buffer, nint length);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    public static extern nint Write(SafeHandle file, ref byte buffer, nint length);

    [DllImport(Library, EntryPoint = "pread", SetLastError = true)]
    public static extern nint ReadAt(SafeHandle file, ref byte buffer, nint length, long offset);

    [DllImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    public static extern nint WriteAt(SafeHandle file, ref byte buffer, nint length, long offset);

    [DllImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static extern long Seek(SafeHandle file, long offset, int whence);

    [DllImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static extern int SyncAll(SafeHandle file);

    [DllImport(Library, EntryPoint = "fdatasync", SetLastError = true)]
    public static extern int SyncData(SafeHandle file);

    [DllImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static extern int SetLength(SafeHandle file, long length);

    [DllImport(Library, EntryPoint = "fallocate", SetLastError = true)]
    public static extern int Allocate(SafeHandle file, int mode, long offset, long length);

    /// <returns>0 or the system's error.</returns>
    [DllImport(Library, EntryPoint = "posix_fadvise")]
    public static extern int Advise(SafeHandle file, long offset, long length, int advice);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static extern int Control(SafeHandle file, int command, int argument);

    [DllImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static extern int OpenAt(SafeHandle directory, byte[] path, int flags, uint mode);

    [DllImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static extern int OpenAt(int directory, byte[] path, int flags, uint mode);

    [DllImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint OpenAt2(nint call, SafeHandle directory, byte[] path, ref OpenHow how, nint size);

    [DllImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint GetDirectoryEntries(nint call, SafeHandle directory, byte[] buffer, nint length);

    [DllImport(Library, EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(SafeHandle directory, byte[] name, int flags, uint mask, out ExtendedStatus status);

    [DllImport(Library, EntryPoint = "futimens", SetLastError = true)]
    private static extern int SetTimes(SafeHandle file, TimeSpecification[] times);

    [DllImport(Library, EntryPoint = "utimensat", SetLastError = true)]
    private static extern int SetTimesAt(SafeHandle directory, byte[] name, TimeSpecification[] times, int flags);

#pragma warning restore SYSLIB1054

    /// <summary><c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary><c>struct timespec</c> with 64-bit words; leaves the time as it is where none is given.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification(ulong? nanoseconds)
    {
        private const long Omit = (1 << 30) - 2;
        private const ulong NanosecondsPerSecond = 1_000_000_000;

        private readonly long _seconds = (long)((nanoseconds ?? 0) / NanosecondsPerSecond);
        private readonly long _nanoseconds = nanoseconds is { } time ? (long)(time % NanosecondsPerSecond) : Omit;
    }

    /// <summary><c>struct statx_timestamp</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct StatusTime
    {
        private readonly long _seconds;
        private readonly uint _nanoseconds;
        private readonly int _reserved;

        /// <summary>Since 1970, and 0 for a time before; times beyond the year 2554 are the last that fits.</summary>
        public ulong Nanoseconds => _seconds < 0 ? 0
            : (UInt128)(ulong)_seconds * 1_000_000_000 + _nanoseconds is var all && all > ulong.MaxValue ? ulong.MaxValue : (ulong)all;
    }

    /// <summary><c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct ExtendedStatus
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(64)]
        public StatusTime AccessTime;

        [FieldOffset(96)]
        public StatusTime ChangeTime;

        [FieldOffset(112)]
        public StatusTime ModificationTime;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
