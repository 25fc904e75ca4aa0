namespace PluginHost.Plugins.Tests.Support;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pluginhost-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
