namespace PluginHost.Wasi.Descriptors;

/// <summary>An open directory.</summary>
internal sealed class DirectoryDescriptor : Descriptor
{
    private DirectoryDescriptor()
        : base(FileType.Directory, Rights.None, Rights.None)
    {
    }

    /// <exception cref="IOException">The directory cannot be opened.</exception>
    public static DirectoryDescriptor Open(Preopen preopen) => throw new IOException($"cannot open {preopen.HostPath}");
}
