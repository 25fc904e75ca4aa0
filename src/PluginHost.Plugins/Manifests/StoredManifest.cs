using System.Security.Cryptography;
using System.Text;

namespace PluginHost.Plugins.Manifests;

/// <summary>A manifest that was read, with its own text.</summary>
/// <param name="Text">As it was uploaded.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits, of the text.</param>
internal sealed record StoredManifest(PluginManifest Content, string Text, string Digest)
{
    public static Outcome<StoredManifest> Read(ReadOnlyMemory<byte> utf8)
    {
        var read = ManifestReader.Read(utf8.Span);

        return read.Succeeded
            ? new StoredManifest(read.Value, Encoding.UTF8.GetString(utf8.Span), "sha256:" + Convert.ToHexStringLower(SHA256.HashData(utf8.Span)))
            : read.Failure;
    }
}
