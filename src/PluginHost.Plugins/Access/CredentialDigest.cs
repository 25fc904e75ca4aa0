using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace PluginHost.Plugins.Access;

/// <summary>Digests of credentials, made without leaving anything to be collected.</summary>
public static class CredentialDigest
{
    private const int Small = 512;

    /// <summary>The SHA-256 of the text in UTF-8.</summary>
    public static void Of(ReadOnlySpan<char> text, Span<byte> digest)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = length > Small ? ArrayPool<byte>.Shared.Rent(length) : null;
        var bytes = rented ?? stackalloc byte[Small];

        var written = Encoding.UTF8.GetBytes(text, bytes);
        SHA256.HashData(bytes[..written], digest);
        CryptographicOperations.ZeroMemory(bytes[..written]);

        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
