using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginHost.Wasi.Descriptors;

/// <summary>Where a path leads: a name in an open directory.</summary>
/// <param name="Directory">Open as a place only, or the directory that the path is relative to.</param>
/// <param name="Name">One component with its end mark; "." where the path ends in a directory by <c>.</c> or <c>..</c>.</param>
/// <param name="ParentLength">The bytes of the path before the name.</param>
/// <param name="IsHere">Whether the name is ".".</param>
/// <param name="MustBeDirectory">Whether the path ended in a slash, so that only a directory is meant.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ResolvedPath(SafeFileHandle Directory, byte[] Name, int ParentLength, bool IsHere, bool MustBeDirectory, bool OwnsDirectory) : IDisposable
{
    public Errno GetStatus(out FileStatus status)
    {
        var errno = Posix.GetStatus(Directory, Name, Posix.SymbolicLinkNoFollow, out status);
        return errno == Errno.Success && MustBeDirectory && status.Type != FileType.Directory ? Errno.NotDirectory : errno;
    }

    public void Dispose()
    {
        if (OwnsDirectory)
            Directory.Dispose();
    }
}
