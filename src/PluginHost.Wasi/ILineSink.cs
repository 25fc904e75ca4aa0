namespace PluginHost.Wasi;

/// <summary>Where the lines of a guest's standard output and error go.</summary>
public interface ILineSink
{
    /// <summary>One line, without its end.</summary>
    /// <param name="standardError">Whether it was written to fd 2.</param>
    /// <param name="utf8">The bytes as the guest wrote them, UTF-8 or not; valid during the call only.</param>
    void Line(bool standardError, ReadOnlySpan<byte> utf8);

    /// <summary>Bytes were dropped because the bound of one call was reached.</summary>
    void Dropped(bool standardError, long bytes);
}
