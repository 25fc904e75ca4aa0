using PluginHost.Plugins.Tests.Support;

namespace PluginHost.Plugins.Tests.Pooling;

/// <summary>Plugins that are granted a directory, down to the files.</summary>
public sealed class GrantedDirectoryTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _files = new();
    private PluginHostFixture _host = null!;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_files.Path, "granted"));
        File.WriteAllText(Path.Combine(_files.Path, "secret.txt"), "secret");
        _host = await PluginHostFixture.StartAsync(_data.Path, ("GuestFileRoots:0", _files.Path));
        await _host.UploadAsync("files", Repository.Guest("files"));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Invoke_WithADirectoryForWriting_WritesThereAndNowhereElse()
    {
        await GrantAsync("granted", readOnly: false);

        var (_, written) = await _host.CallAsync("files", "write", [100]);
        var (_, escaped) = await _host.CallAsync("files", "escape", []);

        Assert.Equal((1UL, 0UL), (Assert.Single(written), Assert.Single(escaped)));
        Assert.Equal("01234", File.ReadAllText(Path.Combine(_files.Path, "granted", "written.txt")));
        Assert.Equal("secret", File.ReadAllText(Path.Combine(_files.Path, "secret.txt")));
    }

    [Fact]
    public async Task Invoke_WithADirectoryForReading_CannotWrite()
    {
        await GrantAsync("granted", readOnly: true);

        var (_, written) = await _host.CallAsync("files", "write", [100]);

        Assert.Equal(0UL, Assert.Single(written));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_files.Path, "granted")));
    }

    [Fact]
    public async Task Invoke_AfterTheDirectoryBecameALinkOutOfTheRoots_Fails()
    {
        await GrantAsync("granted", readOnly: false);
        Directory.Delete(Path.Combine(_files.Path, "granted"));
        File.CreateSymbolicLink(Path.Combine(_files.Path, "granted"), _data.Path);

        var (result, _) = await _host.CallAsync("files", "write", [100]);

        Assert.NotNull(result.Failure);
        Assert.False(File.Exists(Path.Combine(_data.Path, "written.txt")));
    }

    private async Task GrantAsync(string directory, bool readOnly)
    {
        var configuration = new PluginConfiguration { Directories = [new DirectoryGrant(Path.Combine(_files.Path, directory), "/data", readOnly)] };
        var outcome = await _host.Plugins.PutAsync("files", configuration, null, false, CancellationToken.None);

        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }
}
