using System.Runtime.InteropServices;
using System.Text;

namespace PluginHost.Plugins.Catalog;

/// <summary>Makes names in a directory survive a power failure, which flushing the files themselves does not.</summary>
internal static class DurableFiles
{
    /// <summary>Writes a directory's entries to the disk. Windows writes them with the file and offers no such call.</summary>
    /// <exception cref="IOException">The system reports that it could not.</exception>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        // The base library refuses to open directories, so this goes to the C library.
        var descriptor = Open(Encoding.UTF8.GetBytes(path + '\0'), flags: 0);

        if (descriptor < 0)
            throw new IOException($"The directory '{path}' cannot be opened (errno {Marshal.GetLastPInvokeError()}).");

        try
        {
            if (Flush(descriptor) != 0)
                throw new IOException($"The directory '{path}' cannot be flushed (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
