using System.Security.Cryptography;
using System.Text;

namespace PluginHost.Api.Security;

/// <summary>The one key of this server. It is compared by digest, in constant time.</summary>
internal sealed class ApiKey(string? key)
{
    // Trimmed: a key that comes from a file ends with a line break, which no header can carry.
    private readonly byte[]? _digest = string.IsNullOrWhiteSpace(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key.Trim()));

    public bool IsRequired => _digest is not null;

    /// <param name="authorization">The header of that name.</param>
    public bool Accepts(string? authorization)
    {
        const string Scheme = "Bearer ";

        if (_digest is null)
            return true;

        return authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())), _digest);
    }
}
