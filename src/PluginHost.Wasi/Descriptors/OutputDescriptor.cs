namespace PluginHost.Wasi.Descriptors;

/// <summary>
/// Standard output or error. Writing never fails and is never short: Go's runtime loses the rest of a short write to fd 2, and recurses without end on an
/// error.
/// </summary>
internal sealed class OutputDescriptor(LineOutput output)
    : Descriptor(FileType.CharacterDevice, Rights.Write | Rights.Poll | Rights.FileStatGet | Rights.SetFlags, Rights.None)
{
    public override Errno Write(ReadOnlySpan<byte> bytes, out int written)
    {
        output.Write(bytes);
        written = bytes.Length;
        return Errno.Success;
    }
}
