namespace PluginHost.Wasi.Descriptors;

/// <summary>An open directory. Opening one is refused until paths below it can be resolved so that none escapes.</summary>
internal sealed class DirectoryDescriptor : Descriptor
{
    private DirectoryDescriptor()
        : base(FileType.Directory, Rights.None, Rights.None)
    {
    }

    /// <exception cref="IOException">The directory cannot be opened.</exception>
    public static DirectoryDescriptor Open(Preopen preopen) => throw new IOException($"'{preopen.GuestPath}' cannot be granted: this version offers guests no directories");
}
