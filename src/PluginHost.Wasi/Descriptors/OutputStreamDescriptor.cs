namespace PluginHost.Wasi.Descriptors;

/// <summary>Standard output or error into a stream of the host's, byte for byte and at once. The stream stays the host's to close.</summary>
/// <param name="reportsErrors">
/// Whether the guest hears that the other end is gone. Not on standard error: Go's runtime would complain there about what happened there, without end.
/// </param>
internal sealed class OutputStreamDescriptor(Stream stream, bool reportsErrors)
    : Descriptor(FileType.CharacterDevice, Rights.Write | Rights.Poll | Rights.FileStatGet | Rights.SetFlags, Rights.None)
{
    public override Errno Write(ReadOnlySpan<byte> bytes, out int written)
    {
        written = bytes.Length;

        try
        {
            stream.Write(bytes);
            stream.Flush();
        }
        catch (IOException) when (reportsErrors)
        {
            written = 0;
            return Errno.Pipe;
        }
        catch (IOException)
        {
            // Lost, as promised above.
        }

        return Errno.Success;
    }
}
