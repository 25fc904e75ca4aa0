using System.Runtime.InteropServices;

namespace PluginHost.Wasi.Descriptors;

/// <summary>The attributes of a file (type <c>filestat</c>); times in nanoseconds since 1970.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(
    ulong Device = 0,
    ulong Inode = 0,
    FileType Type = FileType.Unknown,
    ulong Links = 1,
    ulong Size = 0,
    ulong AccessTime = 0,
    ulong ModificationTime = 0,
    ulong ChangeTime = 0);
