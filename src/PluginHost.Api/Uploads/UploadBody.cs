using PluginHost.Plugins.Manifests;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Api.Uploads;

/// <summary>What a request brings: a module's bytes, to be read once, and what is said of them.</summary>
internal sealed record UploadBody(Stream Module, ManifestSource? Manifest, SignatureSource? Signature);
