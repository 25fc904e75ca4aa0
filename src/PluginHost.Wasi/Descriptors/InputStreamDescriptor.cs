namespace PluginHost.Wasi.Descriptors;

/// <summary>
/// Standard input from a stream of the host's. Reading waits for as long as the stream does, and no deadline ends that: it is for hosts that run a guest for
/// its own sake. The stream stays the host's to close.
/// </summary>
internal sealed class InputStreamDescriptor(Stream stream)
    : Descriptor(FileType.CharacterDevice, Rights.Read | Rights.Poll | Rights.FileStatGet | Rights.SetFlags, Rights.None)
{
    public override bool ReadsWait => true;

    public override Errno Read(Span<byte> buffer, out int read)
    {
        read = 0;

        try
        {
            read = stream.Read(buffer);
            return Errno.Success;
        }
        catch (IOException)
        {
            return Errno.IO;
        }
    }
}
