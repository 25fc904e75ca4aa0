using System.Runtime.InteropServices;

namespace PluginHost.Plugins.Memory;

/// <summary>The C library's heap, which SQLite and the runtime itself allocate from.</summary>
internal static class NativeHeap
{
    /// <summary>Gives its free pages back to the system, where the C library can: glibc's keeps them for good otherwise.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    // Written as DllImport with blittable arguments: what LibraryImport generates is unsafe code, which only the engine has.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "malloc_trim", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint pad);
#pragma warning restore SYSLIB1054
}
