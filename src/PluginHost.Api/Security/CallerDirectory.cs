using PluginHost.Plugins.Access;

namespace PluginHost.Api.Security;

/// <summary>Knows callers by what they send.</summary>
internal sealed class CallerDirectory(ApiKey bootstrap)
{
    private const string Scheme = "Bearer ";

    // Longer than any credential that is taken, and short enough to be hashed for anybody who asks.
    private const int MaximumLength = 4_096;

    private static readonly Caller Configured = Caller.Of("configured", "PluginHost:ApiKey", Scope.Admin, null, "key");

    /// <summary>Whoever is on this machine, while nobody needs a key.</summary>
    public static Caller Anonymous { get; } = Caller.Of("anonymous", "anonymous", Scope.Read | Scope.Invoke | Scope.Deploy | Scope.Admin, null, null);

    /// <summary>Whether requests without a key are answered.</summary>
    public bool AllowsAnonymous => !bootstrap.IsRequired;

    /// <summary>The caller that a credential belongs to, or null.</summary>
    /// <param name="authorization">The header of that name.</param>
    public Caller? Find(string authorization)
    {
        if (authorization.Length > MaximumLength || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        return bootstrap.Matches(authorization.AsSpan(Scheme.Length).Trim(' ')) ? Configured : null;
    }
}
