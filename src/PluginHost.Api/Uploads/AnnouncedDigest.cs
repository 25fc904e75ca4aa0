using Microsoft.Extensions.Primitives;
using PluginHost.Plugins;

namespace PluginHost.Api.Uploads;

/// <summary>What a client says the digest of its upload is: in the query, or by RFC 9530 in a header.</summary>
internal static class AnnouncedDigest
{
    private const int Sha256Bytes = 32;
    private const string Prefix = "sha256:";

    /// <param name="query">As <c>sha256:…</c>, or null.</param>
    /// <param name="isModule">Whether the request's body is the module itself. Around a form the headers speak of the form.</param>
    /// <returns>The digest as <c>sha256:…</c>, or null where nothing is said.</returns>
    public static (string? Value, PluginFailure? Failure) Read(string? query, HttpRequest request, bool isModule)
    {
        var announced = new List<string>(3);

        if (query is not null)
        {
            if (!query.StartsWith(Prefix, StringComparison.Ordinal) || query.Length != Prefix.Length + (2 * Sha256Bytes) || !query.AsSpan(Prefix.Length).ContainsOnlyHexadecimal())
                return Invalid("?digest= is sha256: and 64 hexadecimal digits.");

            announced.Add(query.ToLowerInvariant());
        }

        foreach (var header in isModule ? (StringValues[])[request.Headers["Repr-Digest"], request.Headers["Content-Digest"]] : [])
        {
            if (!TryRead(header, out var digest))
                return Invalid("Repr-Digest and Content-Digest are sha-256=:BASE64:.");

            if (digest is not null)
                announced.Add(digest);
        }

        return announced.Distinct(StringComparer.Ordinal).Count() > 1
            ? Invalid("The request announces two different digests.")
            : (announced.FirstOrDefault(), null);
    }

    /// <summary>Digests of other algorithms are passed over, as RFC 9530 has it.</summary>
    private static bool TryRead(StringValues header, out string? digest)
    {
        digest = null;

        foreach (var member in header.SelectMany(line => line?.Split(',') ?? []))
        {
            var (name, value) = member.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (member.Trim(), "");

            if (!string.Equals(name, "sha-256", StringComparison.Ordinal))
                continue;

            var bytes = new byte[Sha256Bytes];

            if (value.Length < 2 || value[0] != ':' || value[^1] != ':' || !Convert.TryFromBase64String(value[1..^1], bytes, out var length) || length != Sha256Bytes)
                return false;

            digest = Prefix + Convert.ToHexStringLower(bytes);
        }

        return true;
    }

    private static bool ContainsOnlyHexadecimal(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
                return false;
        }

        return true;
    }

    private static (string? Value, PluginFailure? Failure) Invalid(string detail) => (null, new PluginFailure(FailureCode.InvalidDigest, detail));
}
