namespace PluginHost.Testing;

/// <summary>The checkout that the running program was built from.</summary>
public static class Repository
{
    /// <summary>The path of its top folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of a sample plugin's committed module, made by Go's own toolchain.</summary>
    public static string SamplePath(string name) => Path.Combine(Root, "plugins", name, name + ".wasm");

    public static byte[] Sample(string name) => File.ReadAllBytes(SamplePath(name));

    /// <summary>A guest that only tests have, made by Go's own toolchain too.</summary>
    /// <param name="project">The tests that it belongs to.</param>
    public static byte[] Guest(string name, string project = "PluginHost.Wasi.Tests") => File.ReadAllBytes(Path.Combine(Root, "tests", project, "Guests", name, name + ".wasm"));

    /// <summary>The guest that calls every host function.</summary>
    public static byte[] HostGuest() => Guest("hostfn", "PluginHost.Plugins.Tests");

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "PluginHost.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException("This program runs from within a checkout: no PluginHost.sln was found above it.");
    }
}
