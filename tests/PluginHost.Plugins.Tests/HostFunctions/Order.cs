using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PluginHost.Plugins.Tests.HostFunctions;

/// <summary>The struct of the guest <c>acme</c>, with its padding.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Order
{
    public ulong Id;
    public int Count;
    public byte Flag;
    public double Price;
    public Sizes Sizes;
}

/// <summary>An array within a struct.</summary>
[InlineArray(3)]
internal struct Sizes
{
    private ushort _first;
}
