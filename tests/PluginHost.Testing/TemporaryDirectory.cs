namespace PluginHost.Testing;

/// <summary>A directory of its own that goes with everything in it when the test ends.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pluginhost-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
