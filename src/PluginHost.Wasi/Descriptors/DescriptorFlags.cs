namespace PluginHost.Wasi.Descriptors;

/// <summary>The state of an open descriptor (type <c>fdflags</c>).</summary>
[Flags]
public enum DescriptorFlags : ushort
{
    None = 0,
    Append = 1,
    DataSync = 2,
    NonBlocking = 4,
    ReadSync = 8,
    Sync = 16,
}
