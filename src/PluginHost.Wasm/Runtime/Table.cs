using System.Runtime.CompilerServices;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A table instance (spec 4.2.7). An element is a reference as its bits: 0 is null; see <see cref="Store"/>.</summary>
public sealed unsafe class Table
{
    private readonly ElementQuota _quota;
    private ulong[] _elements;

    /// <summary>Makes a table of the host's own, for instances to import.</summary>
    public Table(TableType type, uint maximumElements = 10_000_000)
        : this(type, new ElementQuota(maximumElements))
    {
    }

    internal Table(TableType type, ElementQuota quota)
    {
        Type = type;
        _quota = quota;

        if (!quota.TryTake(type.Limits.Minimum))
            throw new InstantiationException($"a table of {type.Limits.Minimum} elements exceeds the limit of {quota.Limit} for all tables of an instance");

        _elements = GC.AllocateArray<ulong>((int)type.Limits.Minimum, pinned: true);
        Size = type.Limits.Minimum;
        Pin();
    }

    public TableType Type { get; }

    /// <summary>How many elements there are.</summary>
    public uint Size { get; private set; }

    /// <summary>All elements, for reading and writing in place; valid until the table grows.</summary>
    public Span<ulong> Elements => _elements.AsSpan(0, (int)Size);

    /// <summary>The first element: the array is pinned, and replaced when the table grows.</summary>
    internal ulong* Pointer { get; private set; }

    /// <summary>Grows by <paramref name="delta"/> elements of value <paramref name="value"/>.</summary>
    /// <returns>The size before, or −1 when a limit forbids it.</returns>
    public int Grow(uint delta, ulong value)
    {
        var size = Size;

        if (delta > (Type.Limits.Maximum ?? uint.MaxValue) - size || !_quota.TryTake(delta))
            return -1;

        if (size + delta > (uint)_elements.Length)
        {
            // Twice the size at least, so that a guest that grows by one each time does not make the host copy everything each time.
            var capacity = Math.Max((long)size + delta, Math.Min(2L * size, _quota.Limit));
            var grown = GC.AllocateUninitializedArray<ulong>((int)capacity, pinned: true);
            Elements.CopyTo(grown);
            _elements = grown;
            Pin();
        }

        Size = size + delta;
        Elements[(int)size..].Fill(value);
        return (int)size;
    }

    private void Pin() => Pointer = (ulong*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_elements));
}
