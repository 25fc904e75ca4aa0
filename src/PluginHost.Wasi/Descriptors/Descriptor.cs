namespace PluginHost.Wasi.Descriptors;

/// <summary>
/// Something that a guest has open. What a kind of descriptor cannot do keeps the answer given here, which is the errno that the specification has for it.
/// Rights are checked before any of these is called.
/// </summary>
internal abstract class Descriptor(FileType type, Rights rights, Rights inheriting) : IDisposable
{
    public FileType Type { get; } = type;

    /// <summary>What may be done with it; it can only become less.</summary>
    public Rights Rights { get; set; } = rights;

    /// <summary>What may be done with descriptors opened through it.</summary>
    public Rights InheritingRights { get; set; } = inheriting;

    public DescriptorFlags Flags { get; set; }

    /// <summary>For a directory that was open from the start: the name the guest knows it by, as UTF-8 without an end mark.</summary>
    public virtual byte[]? PreopenedName => null;

    /// <summary>Reads at the descriptor's own offset and moves it.</summary>
    public virtual Errno Read(Span<byte> buffer, out int read)
    {
        read = 0;
        return Errno.BadDescriptor;
    }

    public virtual Errno ReadAt(Span<byte> buffer, ulong offset, out int read)
    {
        read = 0;
        return Errno.IllegalSeek;
    }

    public virtual Errno Write(ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        return Errno.BadDescriptor;
    }

    public virtual Errno WriteAt(ReadOnlySpan<byte> bytes, ulong offset, out int written)
    {
        written = 0;
        return Errno.IllegalSeek;
    }

    /// <param name="whence">0 from the start, 1 from the current offset, 2 from the end.</param>
    public virtual Errno Seek(long offset, byte whence, out ulong position)
    {
        position = 0;
        return Errno.IllegalSeek;
    }

    public virtual Errno Sync(bool dataOnly) => Errno.Invalid;

    public virtual Errno Advise(ulong offset, ulong length, byte advice) => Errno.BadDescriptor;

    public virtual Errno Allocate(ulong offset, ulong length) => Errno.BadDescriptor;

    public virtual Errno GetStatus(out FileStatus status)
    {
        status = new FileStatus(Type: Type);
        return Errno.Success;
    }

    public virtual Errno SetSize(ulong size) => Errno.BadDescriptor;

    public virtual Errno SetTimes(in FileTimes times) => Errno.BadDescriptor;

    public virtual Errno SetFlags(DescriptorFlags flags) => Errno.Success;

    /// <summary>The entries of a directory as they were when it was first read from the start, and the same until it is read from the start again.</summary>
    /// <param name="restart">Whether to look anew.</param>
    public virtual Errno ReadDirectory(bool restart, out IReadOnlyList<DirectoryEntry> entries)
    {
        entries = [];
        return Errno.NotDirectory;
    }

    public virtual Errno Accept(DescriptorFlags flags, out Descriptor? connection)
    {
        connection = null;
        return Errno.NotSocket;
    }

    /// <param name="how">Bit 0 no more reading, bit 1 no more writing.</param>
    public virtual Errno Shutdown(byte how) => Errno.NotSocket;

    public virtual Errno Receive(Span<byte> buffer, bool peek, bool waitAll, out int received)
    {
        received = 0;
        return Errno.NotSocket;
    }

    public virtual Errno Send(ReadOnlySpan<byte> bytes, out int sent)
    {
        sent = 0;
        return Errno.NotSocket;
    }

    /// <summary>How many bytes can be read at once without waiting, at least 0; null when reading would wait.</summary>
    public virtual long? ReadyToRead() => 0;

    /// <summary>Whether writing would not wait.</summary>
    public virtual bool IsReadyToWrite() => true;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
