using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PluginHost.Api.Problems;

/// <summary>A JSON body that is made first and sent with its length, in one piece.</summary>
internal sealed class PooledJson : IDisposable
{
    [ThreadStatic]
    private static Parts? _free;

    private Parts? _parts;

    public PooledJson()
    {
        _parts = _free ?? new Parts();
        _free = null;
    }

    public Utf8JsonWriter Writer => _parts!.Writer;

    public async Task SendAsync(HttpResponse response, CancellationToken cancellation)
    {
        Writer.Flush();
        response.ContentLength = _parts!.Buffer.WrittenCount;
        var target = response.BodyWriter.GetSpan(_parts.Buffer.WrittenCount);
        _parts.Buffer.WrittenSpan.CopyTo(target);
        response.BodyWriter.Advance(_parts.Buffer.WrittenCount);
        Return();
        await response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>What has been written.</summary>
    public byte[] ToArray()
    {
        Writer.Flush();
        return _parts!.Buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => Return();

    private void Return()
    {
        if (_parts is not { } parts)
            return;

        _parts = null;

        // What one large body needed is not kept.
        if (parts.Buffer.Capacity > 64 * 1024)
            return;

        parts.Buffer.ResetWrittenCount();
        parts.Writer.Reset();
        _free = parts;
    }

    private sealed class Parts
    {
        // JSON goes out as application/json, never into a page: quotes and arrows need no escapes.
        public Parts() => Writer = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public ArrayBufferWriter<byte> Buffer { get; } = new(512);

        public Utf8JsonWriter Writer { get; }
    }
}
