namespace PluginHost.Plugins.Signatures;

/// <summary>The settings of the section <c>PluginHost:Signatures</c>: whose modules are taken in.</summary>
public sealed class SignatureOptions
{
    /// <summary>Whether a version needs a signature by one of the keys. Versions that are there already stay.</summary>
    public bool Required { get; set; }

    /// <summary>The public keys that are trusted, in PEM or the name of a file with one: Ed25519, or ECDSA on P-256 as cosign makes them.</summary>
    public IList<string> Keys { get; } = [];
}
