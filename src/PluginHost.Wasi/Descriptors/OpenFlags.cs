namespace PluginHost.Wasi.Descriptors;

/// <summary>How a path is opened (type <c>oflags</c>).</summary>
[Flags]
public enum OpenFlags : ushort
{
    None = 0,
    Create = 1,
    Directory = 2,
    Exclusive = 4,
    Truncate = 8,
}
