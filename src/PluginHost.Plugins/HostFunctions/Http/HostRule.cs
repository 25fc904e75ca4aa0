using System.Globalization;
using System.Net;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>One entry of a grant's list of hosts.</summary>
internal sealed class HostRule
{
    private const int AnyPort = -1;
    private const int SchemesPort = 0;

    private readonly string _host;
    private readonly bool _isSuffix;
    private readonly int _port;

    public HostRule(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var hasPort = colon > entry.LastIndexOf(']');
        var host = hasPort ? entry[..colon] : entry;

        _port = !hasPort ? SchemesPort : entry[(colon + 1)..] is "*" ? AnyPort : int.Parse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        _isSuffix = host.StartsWith("*.", StringComparison.Ordinal);
        _host = _isSuffix ? host[1..] : Normalized(host);
    }

    /// <summary>A host as it is compared: addresses have many ways to be written.</summary>
    public static string Normalized(string host)
    {
        host = host.TrimStart('[').TrimEnd(']');
        return IPAddress.TryParse(host, out var address) ? address.ToString() : host.TrimEnd('.').ToLowerInvariant();
    }

    public bool Allows(Uri url)
    {
        if (_port == SchemesPort ? !url.IsDefaultPort : _port != AnyPort && _port != url.Port)
            return false;

        var host = Normalized(url.IdnHost);
        return _isSuffix ? url.HostNameType == UriHostNameType.Dns && host.EndsWith(_host, StringComparison.Ordinal) : string.Equals(host, _host, StringComparison.Ordinal);
    }
}
