using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// The native memory of one instance, in one piece: guard · globals and <see cref="InstanceContext"/> · linear memory. The base of the linear memory never
/// moves, so code can take one pointer and find everything else at negative offsets. On Linux the whole maximum is reserved without access and opened page
/// by page as the memory grows; elsewhere the maximum is allocated at once, as zeroed memory that a system commits when it is first touched.
/// </summary>
internal sealed unsafe class AddressSpace : SafeHandle
{
    private const int GuardBytes = 65_536;
    private const int SystemPage = 4_096;
    private const int ProtectNone = 0;
    private const int ProtectReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviseDontNeed = 4;

    private readonly bool _isReserving;
    private readonly nuint _headBytes;
    private readonly nuint _totalBytes;

    /// <param name="headBytes">What is needed below the base.</param>
    /// <param name="maximumBytes">What the part from the base on may grow to.</param>
    /// <exception cref="InstantiationException">The system has no room for it.</exception>
    public AddressSpace(int headBytes, ulong maximumBytes)
        : this(headBytes, maximumBytes, OperatingSystem.IsLinux())
    {
    }

    /// <param name="isReserving">Whether addresses are reserved and opened as needed, which Linux alone can do here.</param>
    internal AddressSpace(int headBytes, ulong maximumBytes, bool isReserving)
        : base(0, ownsHandle: true)
    {
        _isReserving = isReserving;
        _headBytes = GuardBytes + Align((nuint)headBytes);
        _totalBytes = _headBytes + Align((nuint)maximumBytes) + (_isReserving ? GuardBytes : 0u);

        if (_isReserving)
        {
            var start = Map(0, _totalBytes, ProtectNone, MapPrivateAnonymousNoReserve, -1, 0);

            if (start == -1)
                throw OutOfMemory();

            SetHandle(start);

            if (Protect(start + GuardBytes, _headBytes - GuardBytes, ProtectReadWrite) != 0)
                throw OutOfMemory();
        }
        else
        {
            try
            {
                SetHandle((nint)NativeMemory.AllocZeroed(_totalBytes));
            }
            catch (OutOfMemoryException)
            {
                throw OutOfMemory();
            }
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The first byte of the linear memory: aligned to the system's pages where it is reserved.</summary>
    public byte* Base => (byte*)handle + _headBytes;

    /// <summary>Opens the bytes from <paramref name="from"/> to <paramref name="to"/>, counted from the base. They read as zero.</summary>
    public bool TryOpen(ulong from, ulong to) =>
        !_isReserving || from == to || Protect((nint)(Base + from), (nuint)(to - from), ProtectReadWrite) == 0;

    /// <summary>Gives the pages between two offsets back to the system; they read as zero afterwards.</summary>
    public void Release(ulong from, ulong to)
    {
        if (to <= from)
            return;

        if (_isReserving)
            _ = Advise((nint)(Base + from), (nuint)(to - from), AdviseDontNeed);
        else
            NativeMemory.Clear(Base + from, (nuint)(to - from));
    }

    protected override bool ReleaseHandle()
    {
        if (_isReserving)
            return Unmap(handle, _totalBytes) == 0;

        NativeMemory.Free((void*)handle);
        return true;
    }

    private static nuint Align(nuint bytes) => (bytes + SystemPage - 1) & ~(nuint)(SystemPage - 1);

    private static InstantiationException OutOfMemory() => new("the system has no address space left for another instance or module");

    [DllImport("libc", EntryPoint = "mmap", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmap(nint address, nuint length);

    [DllImport("libc", EntryPoint = "madvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nuint length, int advice);
}
