using System.Net;

namespace PluginHost.Cli.Server;

/// <summary>A file as a request's body that tells how far it is.</summary>
internal sealed class ProgressContent(FileInfo file, IProgress<long> progress) : HttpContent
{
    private const int BufferBytes = 64 * 1024;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var source = file.OpenRead();
        var buffer = new byte[BufferBytes];
        var sent = 0L;

        for (int read; (read = await source.ReadAsync(buffer)) > 0;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read));
            progress.Report(sent += read);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
