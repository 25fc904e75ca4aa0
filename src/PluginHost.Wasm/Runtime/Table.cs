using System.Runtime.CompilerServices;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A table instance (spec 4.2.7). An element is a reference as its bits: 0 is null; see <see cref="Store"/>.</summary>
public sealed unsafe class Table
{
    private readonly uint _limit;
    private ulong[] _elements;

    public Table(TableType type, uint maximumElements = 10_000_000)
    {
        Type = type;
        _limit = Math.Min(type.Limits.Maximum ?? uint.MaxValue, maximumElements);

        if (type.Limits.Minimum > maximumElements)
            throw new InstantiationException($"a table of {type.Limits.Minimum} elements is larger than the limit of {maximumElements}");

        _elements = GC.AllocateArray<ulong>((int)type.Limits.Minimum, pinned: true);
        Pin();
    }

    public TableType Type { get; }

    /// <summary>How many elements there are.</summary>
    public uint Size { get; private set; }

    /// <summary>All elements, for reading and writing in place; valid until the table grows.</summary>
    public Span<ulong> Elements => _elements;

    /// <summary>The first element: the array is pinned, and replaced when the table grows.</summary>
    internal ulong* Pointer { get; private set; }

    /// <summary>Grows by <paramref name="delta"/> elements of value <paramref name="value"/>.</summary>
    /// <returns>The size before, or −1 when a limit forbids it.</returns>
    public int Grow(uint delta, ulong value)
    {
        var size = Size;

        if (delta > _limit - size)
            return -1;

        if (delta > 0)
        {
            var grown = GC.AllocateUninitializedArray<ulong>((int)(size + delta), pinned: true);
            _elements.CopyTo(grown, 0);
            grown.AsSpan((int)size).Fill(value);
            _elements = grown;
            Pin();
        }

        return (int)size;
    }

    private void Pin()
    {
        Size = (uint)_elements.Length;
        Pointer = (ulong*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_elements));
    }
}
