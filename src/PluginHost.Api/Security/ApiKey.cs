using System.Security.Cryptography;
using System.Text;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>The key of the setting <c>PluginHost:ApiKey</c>. It is compared by digest, in constant time.</summary>
internal sealed class ApiKey(string? key)
{
    // Trimmed: a key that comes from a file ends with a line break, which no header can carry.
    private readonly byte[]? _digest = string.IsNullOrWhiteSpace(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key.Trim()));

    public bool IsRequired => _digest is not null;

    public bool Matches(ReadOnlySpan<char> credential)
    {
        if (_digest is null)
            return false;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        CredentialDigest.Of(credential, digest);
        return CryptographicOperations.FixedTimeEquals(digest, _digest);
    }
}
