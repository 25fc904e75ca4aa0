namespace PluginHost.Wasm.Tests;

/// <summary>The committed modules of the samples: real ones, made by Go's own toolchain.</summary>
internal static class Sample
{
    public static byte[] Read(string name)
    {
        var folder = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(folder, "PluginHost.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must lie in the repository.");

        return File.ReadAllBytes(Path.Combine(folder, "plugins", name, name + ".wasm"));
    }
}
