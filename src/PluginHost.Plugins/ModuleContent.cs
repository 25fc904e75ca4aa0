namespace PluginHost.Plugins;

/// <summary>Where the bytes of a version are.</summary>
/// <param name="Path">A file that is never written to again. It may be gone when the version is deleted.</param>
public sealed record ModuleContent(string Path, string Digest, long Size, DateTimeOffset UploadedAt);
