namespace PluginHost.Plugins.Tests.Support;

/// <summary>Zeros without end, or until the connection breaks.</summary>
internal sealed class EndlessStream : Stream
{
    private long _position;

    public long FailAt { get; init; } = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position >= FailAt)
            throw new IOException("The connection broke.");

        var read = Math.Min(count, 64 * 1024);
        Array.Clear(buffer, offset, read);
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
