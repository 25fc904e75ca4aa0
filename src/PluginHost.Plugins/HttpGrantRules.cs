using System.Text.RegularExpressions;

namespace PluginHost.Plugins;

/// <summary>What a grant of HTTP may say.</summary>
internal static partial class HttpGrantRules
{
    private const int MaximumHosts = 100;
    private const int MaximumMethods = 20;

    public static void Check(HttpGrant grant, PluginHostLimits limits, Dictionary<string, string[]> errors)
    {
        if (grant.Hosts is not { Count: > 0 and <= MaximumHosts })
            errors["/grants/http/hosts"] = [FormattableString.Invariant($"must name 1 to {MaximumHosts} hosts.")];
        else if (grant.Hosts.FirstOrDefault(host => host is null || host.Length > 255 || !Host().IsMatch(host)) is { } || grant.Hosts.Contains(null!, StringComparer.Ordinal))
            errors["/grants/http/hosts"] = ["must be names in lower case or addresses, as example.com, *.example.com, 10.0.0.7:8080, [::1]:8080 or localhost:*."];

        if (grant.Methods is { } methods && (methods.Count is 0 or > MaximumMethods || methods.Any(method => method is null || !Method().IsMatch(method) || method is "CONNECT" or "TRACE")))
            errors["/grants/http/methods"] = ["must be methods in capitals, none of them CONNECT or TRACE."];

        if (grant.Schemes is { } schemes && (schemes.Count is 0 or > 2 || schemes.Any(scheme => scheme is not ("http" or "https"))))
            errors["/grants/http/schemes"] = ["must be http, https or both."];

        Range("requestBytes", grant.RequestBytes, 0, limits.HttpRequestBytes);
        Range("responseBytes", grant.ResponseBytes, 0, limits.HttpResponseBytes);
        Range("timeoutMilliseconds", grant.TimeoutMilliseconds, 1, limits.HttpTimeoutMilliseconds);
        Range("redirects", grant.Redirects, 0, 20);
        Range("retries", grant.Retries, 0, 5);

        void Range(string member, int? value, int minimum, int maximum)
        {
            if (value < minimum || value > maximum)
                errors["/grants/http/" + member] = [FormattableString.Invariant($"must be between {minimum} and {maximum}.")];
        }
    }

    [GeneratedRegex(@"^((\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\])(:([0-9]{1,5}|\*))?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Host();

    [GeneratedRegex(@"^[A-Z]{1,20}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Method();
}
