namespace PluginHost.Wasi.Descriptors;

/// <summary>Standard input: bytes that the host gave at the start, then the end of the file.</summary>
internal sealed class InputDescriptor(ReadOnlyMemory<byte> input)
    : Descriptor(FileType.CharacterDevice, Rights.Read | Rights.Poll | Rights.FileStatGet | Rights.SetFlags, Rights.None)
{
    private ReadOnlyMemory<byte> _rest = input;

    public override Errno Read(Span<byte> buffer, out int read)
    {
        read = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..read].CopyTo(buffer);
        _rest = _rest[read..];
        return Errno.Success;
    }

    public override long? ReadyToRead() => _rest.Length;
}
