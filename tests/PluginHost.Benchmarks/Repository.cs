namespace PluginHost.Benchmarks;

/// <summary>The checkout that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Plugin(string name) => Path.Combine(Root, "plugins", name, name + ".wasm");

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "PluginHost.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException("The benchmarks run from within a checkout: no PluginHost.sln was found above them.");
    }
}
