using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Runtime;

/// <summary>What running code reads of a <see cref="Table"/>: it stays in its place while the table grows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TableHeader
{
    /// <summary>The first element: the array is pinned, and replaced when the table grows.</summary>
    public ulong* Elements;

    /// <summary>How many elements there are.</summary>
    public ulong Size;
}
