using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Plugins;

/// <summary>What comes with an upload beside the module.</summary>
/// <param name="Manifest">Where the manifest comes from; null where there is none. The same bytes with another manifest are another version.</param>
/// <param name="Activate">Whether a new version becomes <c>live</c>; null for yes, unless <c>live</c> points at several versions: whoever has split it decides what comes next.</param>
public sealed record UploadOptions(ManifestSource? Manifest = null, bool? Activate = null)
{
    /// <summary>Where the module's signature comes from; null where there is none.</summary>
    public SignatureSource? Signature { get; init; }

    /// <summary>What the module's digest must be, as <c>sha256:…</c>; null where nobody has said.</summary>
    public string? Digest { get; init; }
}
