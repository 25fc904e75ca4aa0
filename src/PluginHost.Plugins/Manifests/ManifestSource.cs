namespace PluginHost.Plugins.Manifests;

/// <summary>Gives the manifest of an upload, which in a form may stand behind the module: asked for once, when the module has been read to its end.</summary>
/// <returns>The file's bytes, or null where there is none.</returns>
public delegate ValueTask<ReadOnlyMemory<byte>?> ManifestSource(CancellationToken cancellation);
