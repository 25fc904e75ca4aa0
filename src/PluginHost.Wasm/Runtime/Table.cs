using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A table instance (spec 4.2.7). An element is a reference as its bits: 0 is null; see <see cref="Store"/>.</summary>
public sealed class Table
{
    private ulong[] _elements;
    private readonly uint _maximum;

    public Table(TableType type, uint maximumElements = 10_000_000)
    {
        Type = type;
        _maximum = Math.Min(type.Limits.Maximum ?? uint.MaxValue, maximumElements);

        if (type.Limits.Minimum > maximumElements)
            throw new InstantiationException($"a table of {type.Limits.Minimum} elements is larger than the limit of {maximumElements}");

        _elements = new ulong[type.Limits.Minimum];
    }

    public TableType Type { get; }

    /// <summary>How many elements there are.</summary>
    public uint Size => (uint)_elements.Length;

    /// <summary>All elements, for reading and writing in place; valid until the table grows.</summary>
    public Span<ulong> Elements => _elements;

    /// <summary>Grows by <paramref name="delta"/> elements of value <paramref name="value"/>.</summary>
    /// <returns>The size before, or −1 when a limit forbids it.</returns>
    public int Grow(uint delta, ulong value)
    {
        var size = Size;

        if (delta > _maximum - Math.Min(_maximum, size))
            return -1;

        Array.Resize(ref _elements, (int)(size + delta));
        _elements.AsSpan((int)size).Fill(value);
        return (int)size;
    }
}
