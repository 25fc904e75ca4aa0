namespace PluginHost.Plugins.Catalog;

/// <summary>An upload that has been received whole and that nothing refers to yet. Disposing it deletes the file, unless it was published.</summary>
internal sealed class IncomingModule(string path, string digest, long size) : IDisposable
{
    public string Path { get; } = path;

    public string Digest { get; } = digest;

    public long Size { get; } = size;

    public void Dispose() => File.Delete(Path);
}
