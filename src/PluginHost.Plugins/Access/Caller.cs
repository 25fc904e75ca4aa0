using System.Security.Claims;

namespace PluginHost.Plugins.Access;

/// <summary>Who sends a request, and what they may do: the request's user. One object serves all requests of a key.</summary>
public sealed class Caller : ClaimsPrincipal
{
    public const string SubjectClaim = "sub";
    public const string ScopeClaim = "scope";
    public const string PluginClaim = "plugin";

    private Caller(string id, string name, Scope scopes, string? plugin, int? requestsPerSecond, int? burst, ClaimsIdentity identity)
        : base(identity)
    {
        Id = id;
        Name = name;
        Scopes = scopes;
        Plugin = plugin;
        IsKnown = identity.IsAuthenticated;
        CountedAs = $"{identity.AuthenticationType}:{id}";
        RequestsPerSecond = requestsPerSecond;
        Burst = burst;
    }

    /// <summary>The key's id, a token's subject, or <c>anonymous</c>.</summary>
    public string Id { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    public Scope Scopes { get; }

    /// <summary>Under which its requests are counted: a token's subject may be called like a key.</summary>
    public string CountedAs { get; }

    /// <summary>False for whoever sends no key.</summary>
    public bool IsKnown { get; }

    /// <summary>The only plugin that the caller may have to do with; null for all.</summary>
    public string? Plugin { get; }

    /// <summary>How many requests it may send a second; null for the server's own limit.</summary>
    public int? RequestsPerSecond { get; }

    /// <summary>How many of them at once; null for as many as in a second.</summary>
    public int? Burst { get; }

    /// <param name="authentication">By what the caller is known; null for one that is not.</param>
    public static Caller Of(string id, string name, Scope scopes, string? plugin, string? authentication, int? requestsPerSecond = null, int? burst = null)
    {
        var identity = new ClaimsIdentity(authentication, SubjectClaim, ScopeClaim);
        identity.AddClaim(new Claim(SubjectClaim, id));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaims(scopes.Texts().Select(scope => new Claim(ScopeClaim, scope)));

        if (plugin is not null)
            identity.AddClaim(new Claim(PluginClaim, plugin));

        return new Caller(id, name, scopes, plugin, requestsPerSecond, burst, identity);
    }

    public bool May(Scope scope) => Scopes.Include(scope);
}
