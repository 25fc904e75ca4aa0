using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Templates;

namespace PluginHost.Cli.Go;

/// <summary>Runs the SDK's command that writes plugin.json from the source: the project's own where it has the SDK, else the tool's.</summary>
internal static class ManifestCommand
{
    private const string Command = "cmd/pluginhost-manifest";

    public static async Task RunAsync(GoToolchain go, PluginProject project, CancellationToken cancellation)
    {
        var folder = project.UsesSdk() ? project.Folder : await EmbeddedSdk.CachedAsync(cancellation);
        var command = project.UsesSdk() ? $"{EmbeddedSdk.Module}/{Command}" : $"./{Command}";
        var programs = Path.GetDirectoryName(go.Program);

        // It runs here and asks Go about the plugin: neither may be told to build for WebAssembly.
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["GOOS"] = go.HostSystem,
            ["GOARCH"] = go.HostArchitecture,
            ["CGO_ENABLED"] = "0",
            ["GOWORK"] = project.UsesSdk() ? Environment.GetEnvironmentVariable("GOWORK") : "off",
            ["PATH"] = string.IsNullOrEmpty(programs) ? Environment.GetEnvironmentVariable("PATH") : $"{programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
        };
        var written = await ChildProcess.RunAsync(go.Program, ["run", command, project.Folder], folder, environment, cancellation);

        if (written.ExitCode != 0)
            throw new ToolException(ExitCode.PluginFailed, "manifest-failed", "The manifest cannot be written", (written.Error + written.Output).Trim());
    }
}
