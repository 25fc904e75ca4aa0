using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Runtime;

/// <summary>How far the running thread's own stack may be used by compiled guest code. A stack overflow cannot be caught in .NET.</summary>
internal static unsafe class NativeStack
{
    /// <summary>What stays free below guest code: for the runtime, host functions, and whatever they call.</summary>
    private const ulong Reserve = 320 * 1024;

    /// <summary>
    /// What guest code uses at most. A trap costs time and memory for every frame that it leaves, some microseconds and 100 bytes, and what calls go deeper
    /// than this the interpreter runs, on a stack of its own.
    /// </summary>
    private const ulong MaximumUse = 1024 * 1024;

    /// <summary>What a frame of compiled code takes, about, by which a limit on calls becomes one on the stack.</summary>
    private const ulong FrameBytes = 64;

    /// <summary>What is taken to be there where the system does not tell.</summary>
    private const ulong AssumedUse = 256 * 1024;

    /// <summary>What stays below the caller's frame when stack is given back.</summary>
    private const ulong KeptBytes = 256 * 1024;

    private const ulong SystemPage = 4_096;
    private const int AdviseDontNeed = 4;

    [ThreadStatic]
    private static ulong _lowest;

    /// <summary>Whether the lowest address is the system's word and not a guess.</summary>
    [ThreadStatic]
    private static bool _isExact;

    /// <summary>The lowest address at which compiled code may have a frame on the running thread.</summary>
    /// <param name="calls">How many calls may be nested.</param>
    public static ulong Limit(int calls)
    {
        var marker = 0;
        var here = (ulong)&marker;

        if (_lowest == 0)
            _lowest = Lowest(here);

        return Math.Max(_lowest, here - Math.Min(MaximumUse, (ulong)calls * FrameBytes));
    }

    /// <summary>Ends a call that would leave too little of the thread's stack.</summary>
    /// <exception cref="TrapException">There is too little.</exception>
    public static void ThrowIfExhausted()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            Traps.Throw(TrapKind.CallStackExhausted);
    }

    /// <summary>Gives back what a deep recursion touched of the running thread's stack: all that lies well below the caller's frame.</summary>
    public static void Release()
    {
        var marker = 0;
        var end = ((ulong)&marker - KeptBytes) & ~(SystemPage - 1);
        var start = (_lowest + SystemPage) & ~(SystemPage - 1);

        // Where nothing lives: a stack grows down.
        if (OperatingSystem.IsLinux() && _isExact && start < end)
            _ = Advise((nint)start, (nuint)(end - start), AdviseDontNeed);
    }

    private static ulong Lowest(ulong here)
    {
        if (OperatingSystem.IsLinux() && TryFindBottom(out var bottom))
        {
            // A stack that is hardly larger than the reserve lies below that as a whole: the interpreter runs everything there.
            _isExact = true;
            return bottom + Reserve;
        }

        return RuntimeHelpers.TryEnsureSufficientExecutionStack() ? here - Math.Min(AssumedUse, here) : here;
    }

    private static bool TryFindBottom(out ulong bottom)
    {
        // Larger than any system's pthread_attr_t.
        var attributes = stackalloc byte[256];
        bottom = 0;

        if (GetAttributes(Self(), attributes) != 0)
            return false;

        void* address;
        nuint size;
        var found = GetStack(attributes, &address, &size) == 0;
        _ = DestroyAttributes(attributes);
        bottom = (ulong)address;
        return found;
    }

    [DllImport("libc", EntryPoint = "madvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nuint length, int advice);

    [DllImport("libc", EntryPoint = "pthread_self", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Self();

    [DllImport("libc", EntryPoint = "pthread_getattr_np", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetAttributes(nint thread, void* attributes);

    [DllImport("libc", EntryPoint = "pthread_attr_getstack", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetStack(void* attributes, void** address, nuint* size);

    [DllImport("libc", EntryPoint = "pthread_attr_destroy", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DestroyAttributes(void* attributes);
}
