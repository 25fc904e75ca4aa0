using System.Net.Http.Headers;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Go;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.Server;

/// <summary>An upload of a project's module, and of its manifest where it has one.</summary>
internal static class ModuleUpload
{
    public static Task<Upload> RunAsync(ServerClient server, PluginProject project, string plugin, Terminal terminal, CancellationToken cancellation) =>
        RunAsync(server, project, plugin, signature: null, activates: true, terminal, cancellation);

    /// <param name="signature">A file with the module's signature in base64, or null.</param>
    /// <param name="activates">False for a version that no alias points at yet.</param>
    public static Task<Upload> RunAsync(
        ServerClient server, PluginProject project, string plugin, FileInfo? signature, bool activates, Terminal terminal, CancellationToken cancellation)
    {
        var wasm = project.Wasm;

        if (!wasm.Exists)
            throw ToolException.Usage($"'{wasm.FullName}' is not there: 'pluginhost build' makes it.");

        return UploadProgress.ShowAsync(terminal, $"uploading {plugin}", wasm.Length, async progress =>
        {
            using var content = Content(wasm, project.Manifest, signature, progress);
            return await server.UploadAsync(plugin, content, activates, cancellation);
        });
    }

    private static HttpContent Content(FileInfo wasm, FileInfo manifest, FileInfo? signature, IProgress<long> progress)
    {
        var module = new ProgressContent(wasm, progress);
        module.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");

        if (!manifest.Exists && signature is null)
            return module;

        var form = new MultipartFormDataContent();

        if (manifest.Exists)
        {
            var description = new StreamContent(manifest.OpenRead());
            description.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            form.Add(description, "manifest");
        }

        if (signature is not null)
            form.Add(new StreamContent(signature.OpenRead()), "signature");

        form.Add(module, "file", wasm.Name);
        return form;
    }
}
