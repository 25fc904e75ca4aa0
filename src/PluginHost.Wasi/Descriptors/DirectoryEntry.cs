namespace PluginHost.Wasi.Descriptors;

/// <summary>One name in a directory.</summary>
/// <param name="Name">Its bytes, which need not be UTF-8.</param>
internal sealed record DirectoryEntry(byte[] Name, ulong Inode, FileType Type);
