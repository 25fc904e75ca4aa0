using System.Security.Cryptography;

namespace PluginHost.Cli.Templates;

/// <summary>The sources of the Go module <c>pluginhost.dev/sdk</c>, which are resources of the tool: a new project needs no network.</summary>
internal static class EmbeddedSdk
{
    /// <summary>The module's path.</summary>
    public const string Module = "pluginhost.dev/sdk";

    private const string Root = "sdk/";

    public static async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        foreach (var (resource, path) in Files())
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var source = Open(resource);
            await using var target = File.Create(file);
            await source.CopyToAsync(target, cancellation);
        }
    }

    /// <summary>A folder of the user's with the sources, for projects that do not have them. Another age of the tool has another.</summary>
    public static async Task<string> CachedAsync(CancellationToken cancellation)
    {
        var cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "pluginhost");
        var folder = Path.Combine(cache, "sdk-" + Digest());

        if (Directory.Exists(folder))
            return folder;

        // Whole or not at all, whoever does the same at this moment.
        Directory.CreateDirectory(cache);
        var unfinished = Path.Combine(cache, Path.GetRandomFileName());

        try
        {
            await WriteAsync(unfinished, cancellation);
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        return folder;
    }

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[16 * 1024];

        foreach (var (resource, path) in Files())
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(path));
            using var source = Open(resource);

            for (int read; (read = source.Read(buffer)) > 0;)
                hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static IEnumerable<(string Resource, string Path)> Files() =>
        typeof(EmbeddedSdk).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Root, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => (resource, resource[Root.Length..].Replace('\\', '/')));

    private static Stream Open(string resource) => typeof(EmbeddedSdk).Assembly.GetManifestResourceStream(resource)!;
}
