namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>A grant of HTTP over the server's limits.</summary>
internal sealed class HttpPolicy
{
    private const int DefaultRedirects = 5;
    private const int DefaultRetries = 2;

    private static readonly string[] DefaultMethods = ["GET", "HEAD"];
    private static readonly string[] DefaultSchemes = ["https"];

    private readonly List<HostRule> _hosts;
    private readonly IReadOnlyList<string> _methods;
    private readonly IReadOnlyList<string> _schemes;

    public HttpPolicy(HttpGrant grant, PluginHostLimits limits)
    {
        _hosts = [.. (grant.Hosts ?? []).Select(entry => new HostRule(entry))];
        _methods = grant.Methods ?? DefaultMethods;
        _schemes = grant.Schemes ?? DefaultSchemes;
        PrivateAddresses = grant.PrivateAddresses ?? false;
        RequestBytes = grant.RequestBytes ?? limits.HttpRequestBytes;
        ResponseBytes = grant.ResponseBytes ?? limits.HttpResponseBytes;
        Timeout = TimeSpan.FromMilliseconds(grant.TimeoutMilliseconds ?? limits.HttpTimeoutMilliseconds);
        Redirects = grant.Redirects ?? DefaultRedirects;
        Retries = grant.Retries ?? DefaultRetries;
    }

    public bool PrivateAddresses { get; }

    public int RequestBytes { get; }

    public int ResponseBytes { get; }

    public TimeSpan Timeout { get; }

    public int Redirects { get; }

    public int Retries { get; }

    /// <summary>Why a request may not go where it wants to, the first or one that a redirect asks for; null where it may.</summary>
    public string? Refusal(GuestRequest request)
    {
        if (!_schemes.Contains(request.Url.Scheme, StringComparer.Ordinal))
            return $"The plugin's configuration does not grant the scheme '{request.Url.Scheme}'.";

        if (!_methods.Contains(request.Method, StringComparer.Ordinal))
            return $"The plugin's configuration does not grant the method '{request.Method}'.";

        return _hosts.Exists(rule => rule.Allows(request.Url)) ? null : $"The plugin's configuration does not grant the host '{request.Url.Authority}'.";
    }
}
