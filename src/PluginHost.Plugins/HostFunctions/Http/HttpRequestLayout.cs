using System.Runtime.InteropServices;

namespace PluginHost.Plugins.HostFunctions.Http;

/// <summary>A request in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HttpRequestLayout
{
    public GuestBytes Method;
    public GuestBytes Url;

    /// <summary>A JSON object of arrays, or nothing.</summary>
    public GuestBytes Headers;

    public GuestBytes Body;

    /// <summary>0 for the grant's.</summary>
    public uint TimeoutMilliseconds;
}
