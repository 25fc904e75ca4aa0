namespace PluginHost.Plugins.Signatures;

/// <summary>By whose key a module is signed.</summary>
/// <param name="KeyId"><c>sha256:</c> and the digest of the public key (its SubjectPublicKeyInfo in DER).</param>
/// <param name="Algorithm"><c>ecdsa-p256-sha256</c> or <c>ed25519</c>.</param>
/// <param name="Value">The signature in base64, as it was uploaded.</param>
public sealed record ModuleSignature(string KeyId, string Algorithm, string Value);
