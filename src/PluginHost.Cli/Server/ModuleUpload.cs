using System.Net.Http.Headers;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Go;
using PluginHost.Cli.Output;

namespace PluginHost.Cli.Server;

/// <summary>An upload of a project's module, and of its manifest where it has one.</summary>
internal static class ModuleUpload
{
    public static Task<Upload> RunAsync(ServerClient server, PluginProject project, string plugin, Terminal terminal, CancellationToken cancellation)
    {
        var wasm = project.Wasm;

        if (!wasm.Exists)
            throw ToolException.Usage($"'{wasm.FullName}' is not there: 'pluginhost build' makes it.");

        return UploadProgress.ShowAsync(terminal, $"uploading {plugin}", wasm.Length, async progress =>
        {
            using var content = Content(wasm, project.Manifest, progress);
            return await server.UploadAsync(plugin, content, cancellation);
        });
    }

    private static HttpContent Content(FileInfo wasm, FileInfo manifest, IProgress<long> progress)
    {
        var module = new ProgressContent(wasm, progress);
        module.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");

        if (!manifest.Exists)
            return module;

        var description = new StreamContent(manifest.OpenRead());
        description.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new MultipartFormDataContent { { description, "manifest" }, { module, "file", wasm.Name } };
    }
}
