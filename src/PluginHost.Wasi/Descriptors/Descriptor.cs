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

    /// <summary>Whether it is, or comes from, a directory that was granted for reading only: then what changes something is not merely a missing right.</summary>
    public virtual bool IsReadOnly => false;

    /// <summary>For a directory that was open from the start: the name the guest knows it by, as UTF-8 without an end mark.</summary>
    public virtual byte[]? PreopenedName => null;

    /// <summary>Whether it has all of the rights.</summary>
    public Errno Check(Rights rights)
    {
        var missing = rights & ~Rights;

        if (missing == Rights.None)
            return Errno.Success;

        // Guests know "read-only file system"; what "capabilities insufficient" means they would have to look up.
        return IsReadOnly && (missing & Rights.Mutating) != Rights.None ? Errno.ReadOnly : Errno.NotCapable;
    }

    /// <summary>Whether a read can make the host's thread wait, so that nothing may be read behind what has come.</summary>
    public virtual bool ReadsWait => false;

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

    /// <summary>
    /// The entry of a directory with the number, null behind the last one. The first one looks anew; the others go on from there, so that what is created or
    /// removed meanwhile neither repeats nor hides an entry. <see cref="Errno.Again"/> means that more must be read to get there: to be called again.
    /// </summary>
    public virtual Errno ReadDirectory(ulong number, out DirectoryEntry? entry)
    {
        entry = null;
        return Errno.NotDirectory;
    }

    public virtual Errno Accept(DescriptorFlags flags, out Descriptor? connection)
    {
        connection = null;
        return Errno.NotSocket;
    }

    /// <param name="how">Bit 0 no more reading, bit 1 no more writing.</param>
    public virtual Errno Shutdown(byte how) => Errno.NotSocket;

    public virtual Errno Receive(Span<byte> buffer, bool peek, out int received)
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
