using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Runtime;

/// <summary>How much of a busy processor a thread gives way to others, on Linux: there <see cref="ThreadPriority"/> has no effect.</summary>
internal static class ThreadNiceness
{
    private const int Process = 0;
    private const uint Self = 0;

    /// <summary>Makes the calling thread nicer than the process: each step takes a tenth of its share beside a thread that has none. Elsewhere than on Linux, or where the system refuses, nothing happens.</summary>
    public static void Increase(int steps)
    {
        // Linux keeps the value by thread, and who is none in particular is the calling one.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(Process, Self, GetPriority(Process, Self) + steps);
    }

    [DllImport("libc", EntryPoint = "getpriority", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetPriority(int which, uint who);

    [DllImport("libc", EntryPoint = "setpriority", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int value);
}
