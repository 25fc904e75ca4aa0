namespace PluginHost.Plugins.Tests.Support;

/// <summary>The built sample plugins of the repository.</summary>
internal static class Samples
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Root(), "plugins", name, name + ".wasm"));

    /// <summary>A guest that the tests of WASI have.</summary>
    public static byte[] ReadGuest(string name) => File.ReadAllBytes(Path.Combine(Root(), "tests", "PluginHost.Wasi.Tests", "Guests", name, name + ".wasm"));

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(directory, "PluginHost.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not run from within the repository.");

        return directory;
    }
}
