using System.Runtime.InteropServices;

namespace PluginHost.Plugins.HostFunctions.KeyValue;

/// <summary>What <c>kv_get</c> tells of a value, in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KeyValueEntry
{
    public ulong Version;
    public uint Length;

    /// <summary>None is defined.</summary>
    public uint Flags;
}
