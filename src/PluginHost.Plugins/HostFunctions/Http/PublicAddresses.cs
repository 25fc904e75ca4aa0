using System.Net;
using System.Net.Sockets;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>Which addresses belong to the public internet (the special-purpose registries of IANA, RFC 6890).</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
    ];

    /// <summary>What is not global unicast is not public; what is, less those that carry an address of IPv4's or lead nowhere.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 = [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20")];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(SpecialV4, network => network.Contains(address))
            : GlobalV6.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address));
    }

    /// <summary>Whether one host stands behind the address, be it a private one.</summary>
    public static bool IsHost(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        return address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] is > 0 and < 224
            : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
    }
}
