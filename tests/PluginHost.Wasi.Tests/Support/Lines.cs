using System.Text;

namespace PluginHost.Wasi.Tests.Support;

/// <summary>Keeps what a guest wrote.</summary>
internal sealed class Lines : ILineSink
{
    public List<string> Read { get; } = [];

    public long Bytes { get; private set; }

    public long DroppedBytes { get; private set; }

    public void Line(bool standardError, ReadOnlySpan<byte> utf8)
    {
        Bytes += utf8.Length;
        Read.Add((standardError ? "stderr " : "stdout ") + Encoding.UTF8.GetString(utf8));
    }

    public void Dropped(bool standardError, long bytes) => DroppedBytes += bytes;
}
