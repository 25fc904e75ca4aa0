using System.Text.Json;
using PluginHost.Cli.Arguments;
using PluginHost.Cli.CommandLine;
using PluginHost.Cli.Server;
using PluginHost.Plugins;
using PluginHost.Plugins.Invocation;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Cli.Local;

/// <summary>A module's file as a plugin of the host inside the tool, with the manifest that stands beside it.</summary>
internal sealed class LocalPlugin(LocalHost host, FileInfo file)
{
    private const string ManifestFile = "plugin.json";

    /// <summary>The file's name, where a plugin can have it.</summary>
    public string Name { get; } = NameOf(file);

    public async Task ConfigureAsync(FileInfo configuration, CancellationToken cancellation)
    {
        PluginConfiguration? read;

        try
        {
            await using var stream = configuration.OpenRead();
            read = await JsonSerializer.DeserializeAsync(stream, PluginsJsonContext.Default.PluginConfiguration, cancellation);
        }
        catch (JsonException exception)
        {
            throw ToolException.Usage($"'{configuration.Name}' is no configuration: {exception.Message}");
        }

        var put = await host.Plugins.PutAsync(Name, read ?? PluginConfiguration.Default, condition: null, mustNotExist: false, cancellation);

        if (!put.Succeeded)
            throw FailureProblem.Of(put.Failure);
    }

    public async Task UploadAsync(CancellationToken cancellation)
    {
        var manifest = new FileInfo(Path.Combine(file.DirectoryName!, ManifestFile));
        ManifestSource? source = manifest.Exists ? async end => await File.ReadAllBytesAsync(manifest.FullName, end) : null;
        await using var module = file.OpenRead();
        var uploaded = await host.Plugins.UploadAsync(Name, module, new UploadOptions(source), cancellation);

        if (!uploaded.Succeeded)
            throw FailureProblem.Of(uploaded.Failure);
    }

    /// <summary>Calls a function with arguments word by word.</summary>
    /// <returns>What a server would answer.</returns>
    public async Task<JsonElement> CallAsync(string export, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var target = await ResolveAsync(export, cancellation);
        var texts = ArgumentWords.TextsOf(Describe(export), words);
        var results = new ulong[target.Type.Results.Length];
        var result = await InvokeAsync(target, LocalArguments.Read(target.Signature, texts), results, cancellation);
        return LocalAnswer.Of(target.Signature, results, result.Bytes.Span);
    }

    /// <summary>Calls a function with a whole body.</summary>
    /// <returns>The body of the answer, which is empty where the function gives none.</returns>
    public async Task<ReadOnlyMemory<byte>> CallAsync(string export, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var target = await ResolveAsync(export, cancellation);

        if (target.Signature.Parameters is not ([] or [{ Type: DeclaredType.Bytes or DeclaredType.String or DeclaredType.Json }]) || target.Signature is { GivesBytes: false, Results: not [] })
            throw ToolException.Usage($"--body is for functions from one body to another: {Describe(export).Signature()}");

        if (target.Signature.Parameters is [{ Type: DeclaredType.Json }] && JsonText.Problem(body.Span) is { } problem)
            throw ToolException.Usage($"The body is not JSON: {problem}");

        return (await InvokeAsync(target, CallArguments.OfBody(target.Signature, body), new ulong[target.Type.Results.Length], cancellation)).Bytes;
    }

    private static string NameOf(FileInfo file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Name).ToLowerInvariant();
        return PluginName.IsValid(name) ? name : "plugin";
    }

    private async Task<InvocationTarget> ResolveAsync(string export, CancellationToken cancellation)
    {
        var target = await host.Invoker.ResolveAsync(Name, null, export, cancellation);
        return target.Succeeded ? target.Value : throw FailureProblem.Of(target.Failure);
    }

    private async Task<InvocationResult> InvokeAsync(InvocationTarget target, CallArguments arguments, ulong[] results, CancellationToken cancellation)
    {
        var result = await host.Invoker.InvokeAsync(target, arguments, results, null, cancellation);

        // What the plugin wrote is shown as its log.
        return result.Succeeded ? result : throw FailureProblem.Of(result.Failure with { StandardError = null });
    }

    private ServerExport Describe(string export)
    {
        var description = host.Plugins.Version(Name, null).Value!.Metadata.Exports.First(item => string.Equals(item.Name, export, StringComparison.Ordinal));
        var declared = description.Declared is { } known
            ? new Declaration(
                [.. known.Parameters.Select(parameter => new TypedName(parameter.Name, parameter.Type.Text(), parameter.Schema))],
                known.Result is { } result ? new TypedName(null, result.Type.Text(), result.Schema) : null)
            : null;
        return new ServerExport(export, description.Parameters, description.Results, Doc: description.Doc, Declared: declared);
    }
}
