using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// A table instance (spec 4.2.7). An element is a reference as its bits: 0 is null; see <see cref="Store"/>. A small table is an array on the heap. A large
/// one, which no compiler makes, has native memory that goes back to the system with the instance: the collector might not look for it for minutes.
/// </summary>
public sealed unsafe class Table : IDisposable
{
    private const uint LargestOnHeap = 128 * 1024;

    /// <summary>By how many bytes native memory is opened.</summary>
    private const ulong Step = 1024 * 1024;

    private readonly ElementQuota _quota;
    private readonly TableHeader[] _header = GC.AllocateArray<TableHeader>(1, pinned: true);
    private ulong[] _heap = [];
    private AddressSpace? _space;
    private ulong _openBytes;

    /// <summary>Makes a table of the host's own, for instances to import.</summary>
    /// <exception cref="InstantiationException">It has more elements than it may, or than the system has memory for.</exception>
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

        if (!TryMakeRoom(type.Limits.Minimum))
            throw new InstantiationException($"the system has no memory for a table of {type.Limits.Minimum} elements");

        Size = type.Limits.Minimum;
    }

    public TableType Type { get; }

    /// <summary>How many elements there are.</summary>
    public uint Size
    {
        get => (uint)Header->Size;
        private set => Header->Size = value;
    }

    /// <summary>All elements, for reading and writing in place; valid until the table grows.</summary>
    public Span<ulong> Elements => new(Pointer, (int)Size);

    /// <summary>The first element: the heap's array is pinned. It moves when the table grows.</summary>
    internal ulong* Pointer
    {
        get => Header->Elements;
        private set => Header->Elements = value;
    }

    /// <summary>Where running code finds the elements and how many there are: it is pinned and lives as long as the table.</summary>
    internal TableHeader* Header => (TableHeader*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_header));

    /// <summary>Grows by <paramref name="delta"/> elements of value <paramref name="value"/>.</summary>
    /// <returns>The size before, or −1 when a limit or the system forbids it.</returns>
    public int Grow(uint delta, ulong value)
    {
        var size = Size;

        if (delta > (Type.Limits.Maximum ?? uint.MaxValue) - size || !_quota.TryTake(delta))
            return -1;

        if (!TryMakeRoom(size + delta))
        {
            _quota.Return(delta);
            return -1;
        }

        Size = size + delta;

        // What was never used is null already.
        if (value != 0)
            Elements[(int)size..].Fill(value);

        return (int)size;
    }

    /// <summary>Gives the memory back. Afterwards there are no elements, so that nothing can reach where they were.</summary>
    public void Dispose()
    {
        Size = 0;
        Pointer = null;
        _heap = [];
        _space?.Dispose();
    }

    private bool TryMakeRoom(uint count)
    {
        if (_space is null && count <= LargestOnHeap)
        {
            // Twice the size at least, so that a guest that grows by one each time does not make the host copy everything each time.
            if (count > (uint)_heap.Length)
                MoveToHeap(Math.Max(count, Math.Min(2 * Size, Math.Min(LargestOnHeap, _quota.Limit))));

            return true;
        }

        var bytes = ((ulong)count * sizeof(ulong) + Step - 1) / Step * Step;

        if (_space is not null && bytes <= _openBytes)
            return true;

        try
        {
            // For all that it may ever have, so that it does not move again.
            var space = _space ?? new AddressSpace(0, (Math.Min(Type.Limits.Maximum ?? uint.MaxValue, _quota.Limit) * (ulong)sizeof(ulong)) + Step);

            if (!space.TryOpen(_openBytes, bytes))
            {
                if (_space is null)
                    space.Dispose();

                return false;
            }

            if (_space is null)
                Elements.CopyTo(new Span<ulong>(space.Base, (int)count));

            _space = space;
            _openBytes = bytes;
            _heap = [];
            Pointer = (ulong*)space.Base;
            return true;
        }
        catch (InstantiationException)
        {
            return false;
        }
    }

    private void MoveToHeap(uint capacity)
    {
        var grown = GC.AllocateArray<ulong>((int)capacity, pinned: true);
        Elements.CopyTo(grown);
        _heap = grown;
        Pointer = (ulong*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(grown));
    }
}
