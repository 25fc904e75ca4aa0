namespace PluginHost.Plugins.Loading;

/// <summary>What an upload of these bytes would say: its problem where <see cref="Problem"/> is set, and as much of the metadata as could be read.</summary>
public sealed record ModuleReport(string Digest, long Size, ModuleMetadata? Metadata, PluginFailure? Problem)
{
    public bool Valid => Problem is null;
}
