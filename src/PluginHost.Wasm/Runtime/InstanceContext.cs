using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// What running code reads of its instance without touching managed objects. It lies directly below the base of the linear memory; global number i
/// lies below it, at <c>((ulong*)context)[−1 − i]</c>. A context belongs to the mapping whose base follows it, so a memory that another instance imports
/// is read through its own context, and everything else through the importer's.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InstanceContext
{
    /// <summary>The current size of the linear memory above, in bytes.</summary>
    public ulong MemoryLength;

    /// <summary>Not 0 when the running call must end; the value is the <see cref="TrapKind"/> plus one.</summary>
    public int Interrupt;

    /// <summary>Not 0 when the running call has computed for so long that it must ask for its turn. Compiled code looks at it and <see cref="Interrupt"/> at once.</summary>
    public int IsLong;

    /// <summary>What is left of the call's fuel, apart from what the running code has drawn.</summary>
    public long Fuel;

    /// <summary>What running code has drawn of the fuel and not used when it last left the loop.</summary>
    public int Ticks;

    /// <summary>The low 32 bits of a result that is not zero, of compiled functions in Go's convention.</summary>
    public uint Result;

    /// <summary>
    /// The lowest address that compiled code may have its native frame at. It is the highest number where functions must not be entered without a look at
    /// the call first: it was interrupted, or its fuel is counted.
    /// </summary>
    public ulong StackLimit;

    /// <summary>Where the linear memory is.</summary>
    public byte* MemoryBase;

    /// <summary>The instance, as a weak <see cref="GCHandle"/>.</summary>
    public nint Handle;

    /// <summary>The reference to the first function that the module defines.</summary>
    public ulong FirstReference;

    /// <summary>Table 0, where there is one.</summary>
    public TableHeader* FirstTable;

    /// <summary>The innermost frame when running code last left the loop, for stack traces and nested calls.</summary>
    public void* CallStackTop;

    /// <summary>The first free slot of the value stack when running code last left the loop.</summary>
    public ulong* ValueStackTop;
}
