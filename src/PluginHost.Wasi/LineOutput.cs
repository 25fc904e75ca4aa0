namespace PluginHost.Wasi;

/// <summary>
/// Splits what a guest writes into lines for a sink. A line longer than the bound is given in pieces; once the bytes of one call reach their bound the rest is
/// counted and dropped, and the guest never hears of it.
/// </summary>
internal sealed class LineOutput(ILineSink sink, bool standardError, int maximumLineBytes, long maximumBytes)
{
    private readonly long _maximumBytes = maximumBytes;
    private readonly byte[] _line = new byte[maximumLineBytes];
    private int _length;
    private long _left = maximumBytes;
    private long _dropped;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(bytes.Length, _left);
        _left -= taken;
        _dropped += bytes.Length - taken;
        bytes = bytes[..taken];

        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];

            while (_length + part.Length > _line.Length)
            {
                var fits = _line.Length - _length;
                part[..fits].CopyTo(_line.AsSpan(_length));
                _length = _line.Length;
                Emit();
                part = part[fits..];
            }

            part.CopyTo(_line.AsSpan(_length));
            _length += part.Length;

            if (end < 0)
                return;

            Emit();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Gives the sink what was not ended by a newline, and what was dropped; the next call has the whole bound again.</summary>
    public void Complete()
    {
        if (_length > 0)
            Emit();

        if (_dropped > 0)
            sink.Dropped(standardError, _dropped);

        _dropped = 0;
        _left = _maximumBytes;
    }

    private void Emit()
    {
        sink.Line(standardError, _line.AsSpan(0, _length));
        _length = 0;
    }
}
