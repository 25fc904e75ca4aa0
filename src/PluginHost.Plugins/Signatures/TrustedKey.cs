using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Org.BouncyCastle.Security;

namespace PluginHost.Plugins.Signatures;

/// <summary>A public key whose owner's modules are taken in.</summary>
internal sealed class TrustedKey
{
    private const string Label = "PUBLIC KEY";
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly byte[] _der;
    private readonly Ed25519PublicKeyParameters? _edwards;

    private TrustedKey(byte[] der, Ed25519PublicKeyParameters? edwards)
    {
        _der = der;
        _edwards = edwards;
        Id = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(der));
    }

    public string Id { get; }

    public string Algorithm => IsEdwards ? "ed25519" : "ecdsa-p256-sha256";

    /// <summary>Whether the key signs the bytes themselves and not their SHA-256.</summary>
    public bool IsEdwards => _edwards is not null;

    /// <exception cref="FormatException">The text is no public key of a kind that is known.</exception>
    public static TrustedKey Read(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields))
            throw new FormatException("it is no key in PEM");

        var label = pem[fields.Label];

        if (!string.Equals(label, Label, StringComparison.Ordinal))
            throw new FormatException($"it is a {label}; the server needs the {Label} and nothing else");

        var der = Convert.FromBase64String(pem[fields.Base64Data]);

        try
        {
            if (PublicKeyFactory.CreateKey(der) is Ed25519PublicKeyParameters edwards)
                return new TrustedKey(der, edwards);

            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(der, out var read);

            if (read == der.Length && string.Equals(ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid.Value, P256, StringComparison.Ordinal))
                return new TrustedKey(der, null);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or ArgumentException or InvalidOperationException or GeneralSecurityException)
        {
            // As one of another kind.
        }

        throw new FormatException("it is neither an Ed25519 key nor an ECDSA key on P-256");
    }

    /// <summary>Whether the key's owner has signed the bytes.</summary>
    /// <param name="hash">Their SHA-256.</param>
    /// <param name="bytes">All of them; not asked for where the hash is enough.</param>
    public bool Verifies(ReadOnlySpan<byte> hash, Func<byte[]> bytes, byte[] signature)
    {
        if (_edwards is not null)
        {
            if (signature.Length != Ed25519.SignatureSize)
                return false;

            var message = bytes();
            return Ed25519.Verify(signature, 0, _edwards.GetEncoded(), 0, message, 0, message.Length);
        }

        try
        {
            // One for each: two threads may not use the same.
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(_der, out _);
            return ecdsa.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
