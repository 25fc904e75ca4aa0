using System.Security.Cryptography;
using PluginHost.Plugins.Catalog;
using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Catalog;

public sealed class ModuleFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;
    private readonly ModuleFiles _files;

    public ModuleFilesTests()
    {
        _data = new DataDirectory(_directory.Path);
        _data.Open();
        _files = new ModuleFiles(_data);
    }

    public void Dispose()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Receive_Body_HashesItAndLeavesItUnpublished()
    {
        var body = RandomNumberGenerator.GetBytes(300_000);

        using var incoming = await _files.ReceiveAsync(new MemoryStream(body), 300_000, CancellationToken.None);

        Assert.NotNull(incoming);
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(body)), incoming.Digest);
        Assert.Equal(body.Length, incoming.Size);
        Assert.Equal(body, await File.ReadAllBytesAsync(incoming.Path));
        Assert.False(File.Exists(_files.PathOf(incoming.Digest)));
    }

    [Fact]
    public async Task Receive_BodyAboveTheLimit_ReadsLittleMoreThanTheLimitAndLeavesNothing()
    {
        using var body = new EndlessStream();

        var incoming = await _files.ReceiveAsync(body, 1_000_000, CancellationToken.None);

        Assert.Null(incoming);
        Assert.InRange(body.Position, 1_000_001, 1_500_000);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_data.Incoming));
    }

    [Fact]
    public async Task Receive_BodyThatFails_PassesTheFailureOnAndLeavesNothing()
    {
        using var body = new EndlessStream { FailAt = 500_000 };

        await Assert.ThrowsAsync<IOException>(() => _files.ReceiveAsync(body, 1_000_000, CancellationToken.None));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_data.Incoming));
    }

    [Fact]
    public async Task Publish_ReceivedModule_CanBeReadByItsDigest()
    {
        byte[] body = [1, 2, 3];
        using var incoming = await _files.ReceiveAsync(new MemoryStream(body), 100, CancellationToken.None);

        _files.Publish(incoming!);

        Assert.Equal(body, _files.Read(incoming!.Digest));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_data.Incoming));
    }

    [Fact]
    public async Task Publish_SameModuleTwice_IsNoError()
    {
        byte[] body = [1, 2, 3];
        using var first = await _files.ReceiveAsync(new MemoryStream(body), 100, CancellationToken.None);
        using var second = await _files.ReceiveAsync(new MemoryStream(body), 100, CancellationToken.None);

        _files.Publish(first!);
        _files.Publish(second!);

        Assert.Equal(body, _files.Read(first!.Digest));
    }

    [Fact]
    public async Task Read_FileThatWasChanged_IsRefused()
    {
        using var incoming = await _files.ReceiveAsync(new MemoryStream([1, 2, 3]), 100, CancellationToken.None);
        _files.Publish(incoming!);
        await File.WriteAllBytesAsync(_files.PathOf(incoming!.Digest), [1, 2, 4]);

        Assert.Throws<IOException>(() => _files.Read(incoming.Digest));
    }

    [Fact]
    public async Task Recover_RemainsOfACrash_AreRemovedAndTheRestIsKept()
    {
        using var kept = await _files.ReceiveAsync(new MemoryStream([1]), 100, CancellationToken.None);
        using var orphan = await _files.ReceiveAsync(new MemoryStream([2]), 100, CancellationToken.None);
        _files.Publish(kept!);
        _files.Publish(orphan!);
        await File.WriteAllBytesAsync(Path.Combine(_data.Incoming, "half"), [3]);
        var missing = "sha256:" + new string('a', 64);

        var recovery = _files.Recover(new Dictionary<string, long>(StringComparer.Ordinal) { [kept!.Digest] = 1, [missing] = 1 });

        Assert.Equal(1, recovery.Unfinished);
        Assert.Equal(1, recovery.Orphaned);
        Assert.Equal([missing], recovery.Missing);
        Assert.True(File.Exists(_files.PathOf(kept.Digest)));
        Assert.False(File.Exists(_files.PathOf(orphan!.Digest)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_data.Incoming));
    }

    [Fact]
    public async Task Recover_FileShorterThanCatalogued_IsMissing()
    {
        using var incoming = await _files.ReceiveAsync(new MemoryStream([1, 2, 3]), 100, CancellationToken.None);
        _files.Publish(incoming!);
        await File.WriteAllBytesAsync(_files.PathOf(incoming!.Digest), [1]);

        var recovery = _files.Recover(new Dictionary<string, long>(StringComparer.Ordinal) { [incoming.Digest] = 3 });

        Assert.Equal([incoming.Digest], recovery.Missing);
    }

    [Fact]
    public void Open_DirectoryOfARunningServer_IsRefused()
    {
        using var second = new DataDirectory(_directory.Path);

        var exception = Assert.Throws<PluginHostStartException>(second.Open);

        Assert.Contains("another server", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PathOfAFile_IsRefused()
    {
        var path = Path.Combine(_directory.Path, "file");
        File.WriteAllText(path, "");
        using var data = new DataDirectory(path);

        Assert.Throws<PluginHostStartException>(data.Open);
    }
}
