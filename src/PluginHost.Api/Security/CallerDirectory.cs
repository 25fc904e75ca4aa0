using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>Knows callers by what they send.</summary>
internal sealed class CallerDirectory(AccessSettings settings, OidcSettings oidc, AccessKeys keys)
{
    private const string Scheme = "Bearer ";

    // Longer than any credential that is taken, and short enough to be hashed for anybody who asks.
    private const int MaximumLength = 4_096;

    private static readonly Caller Configured = Caller.Of("configured", "PluginHost:ApiKey", Scope.Admin, null, "key");
    private static readonly Caller Local = Caller.Of("anonymous", "anonymous", Scope.Admin, null, null);

    private readonly Caller? _allowed = settings.Anonymous == Scope.None ? null : Caller.Of("anonymous", "anonymous", settings.Anonymous, null, null);

    /// <summary>Who sends no key: whoever is on this machine while nobody has made a key, or whoever the configuration lets in. Null where a key is needed.</summary>
    public Caller? Anonymous => _allowed ?? (settings is { IsLocal: true, Key.IsRequired: false } && !oidc.IsEnabled && !keys.Any ? Local : null);

    /// <summary>Whether the keys of the catalog are all there is to administer the server with.</summary>
    public bool NeedsAdministrator => settings is { Key.IsRequired: false } && !oidc.IsEnabled && !settings.Anonymous.HasFlag(Scope.Admin);

    /// <summary>Whether a caller would still be let in, for answers that go on and on.</summary>
    public bool Counts(Caller caller) => caller.IsKnown ? keys.Counts(caller) : Anonymous is not null;

    /// <summary>The caller that a credential belongs to, or null.</summary>
    /// <param name="authorization">The header of that name.</param>
    public Caller? Find(string authorization)
    {
        if (authorization.Length > MaximumLength || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        var credential = authorization.AsSpan(Scheme.Length).Trim(' ');
        return keys.Find(credential) ?? (settings.Key.Matches(credential) ? Configured : null);
    }
}
