using PluginHost.Cli.CommandLine;

namespace PluginHost.Cli.Go;

/// <summary>Turns a plugin's source into its module.</summary>
internal static class PluginBuild
{
    /// <summary>The same source gives the same bytes on every machine, and the same bytes are the same version.</summary>
    private static readonly string[] s_arguments = ["build", "-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-o"];

    private static readonly Dictionary<string, string?> s_environment = new(StringComparer.Ordinal)
    {
        ["GOOS"] = "wasip1",
        ["GOARCH"] = "wasm",
        ["CGO_ENABLED"] = "0",
    };

    /// <summary>Builds the module, and the manifest where it is wanted.</summary>
    public static async Task<FileInfo> RunAsync(GoToolchain go, PluginProject project, bool writesManifest, CancellationToken cancellation)
    {
        await CompileAsync(go, project, cancellation);

        if (writesManifest)
            await ManifestCommand.RunAsync(go, project, cancellation);

        return project.Wasm;
    }

    private static async Task CompileAsync(GoToolchain go, PluginProject project, CancellationToken cancellation)
    {
        // Not in place: a build that fails leaves the last good module, and nobody uploads half of one.
        var unfinished = project.Wasm.FullName + ".tmp";

        try
        {
            var built = await ChildProcess.RunAsync(go.Program, [.. s_arguments, unfinished, "."], project.Folder, s_environment, cancellation);

            if (built.ExitCode != 0)
                throw new ToolException(ExitCode.PluginFailed, "build-failed", "The plugin does not build", (built.Error + built.Output).Trim());

            if (!File.Exists(unfinished))
                throw new ToolException(ExitCode.PluginFailed, "build-failed", "The plugin does not build", $"'{project.Folder}' has no package main.");

            File.Move(unfinished, project.Wasm.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
