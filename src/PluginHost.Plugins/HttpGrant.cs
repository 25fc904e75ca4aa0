namespace PluginHost.Plugins;

/// <summary>Where to and how a plugin may send HTTP requests. Limits are within the server's; null for the server's.</summary>
public sealed record HttpGrant
{
    /// <summary>
    /// <c>api.example.com</c>, or <c>*.example.com</c> for all below it; on the scheme's own port, unless the entry names one, as <c>localhost:8080</c>, or any, as
    /// <c>localhost:*</c>.
    /// </summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>The methods, in capitals; GET and HEAD unless set.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>https, unless http is named too.</summary>
    public IReadOnlyList<string>? Schemes { get; init; }

    /// <summary>Whether the hosts may have addresses that are not public: loopback, private networks, link-local.</summary>
    public bool? PrivateAddresses { get; init; }

    /// <summary>The body of a request.</summary>
    public int? RequestBytes { get; init; }

    /// <summary>The body of an answer.</summary>
    public int? ResponseBytes { get; init; }

    /// <summary>A request with its redirects and repetitions.</summary>
    public int? TimeoutMilliseconds { get; init; }

    /// <summary>The redirects that are followed, each to a host that is allowed too; 5 unless set.</summary>
    public int? Redirects { get; init; }

    /// <summary>How often a request of an idempotent method that failed on its way is sent again; 2 unless set.</summary>
    public int? Retries { get; init; }
}
