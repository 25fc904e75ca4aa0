using PluginHost.Plugins.Loading;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Plugins;

/// <summary>One immutable module of a plugin.</summary>
/// <param name="Ordinal">Counts from 1 and is never used again.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ManifestDigest">Of the manifest that was uploaded beside the module; null where there was none.</param>
public sealed record PluginVersion(string Plugin, int Ordinal, string Digest, long Size, DateTimeOffset UploadedAt, ModuleMetadata Metadata, string? ManifestDigest = null)
{
    /// <summary>Whose signature the module came with; null where it had none.</summary>
    public ModuleSignature? Signature { get; init; }
}
