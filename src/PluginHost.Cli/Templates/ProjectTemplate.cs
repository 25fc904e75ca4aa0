namespace PluginHost.Cli.Templates;

/// <summary>The projects that <c>new</c> makes. Their files are resources of the tool.</summary>
internal static class ProjectTemplate
{
    private const string Root = "templates/";
    private const string Placeholder = "{{name}}";
    private const string Scalar = "scalar";

    /// <summary>The default one first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["json", Scalar, "bytes"];

    public static async Task WriteAsync(string template, string name, string folder, CancellationToken cancellation)
    {
        var assembly = typeof(ProjectTemplate).Assembly;
        var prefix = $"{Root}{template}/";
        Directory.CreateDirectory(folder);

        if (template != Scalar)
            await EmbeddedSdk.WriteAsync(Path.Combine(folder, "sdk"), cancellation);

        foreach (var resource in assembly.GetManifestResourceNames().Where(resource => resource.Replace('\\', '/').StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var text = await reader.ReadToEndAsync(cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, resource[prefix.Length..]), text.Replace(Placeholder, name, StringComparison.Ordinal), cancellation);
        }
    }
}
