using System.Diagnostics.CodeAnalysis;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>A global instance (spec 4.2.9).</summary>
[SuppressMessage("Design", "CA1001", Justification = "The address space belongs to the instance, or frees itself when nothing holds the global.")]
public sealed unsafe class Global
{
    private readonly AddressSpace _owner;

    /// <summary>Makes a global of the host's own, for instances to import.</summary>
    public Global(GlobalType type, ulong value)
    {
        Type = type;
        _owner = new AddressSpace(sizeof(ulong), 0);
        Cell = (ulong*)_owner.Base - 1;
        Value = value;
    }

    internal Global(GlobalType type, AddressSpace owner, ulong* cell)
    {
        Type = type;
        _owner = owner;
        Cell = cell;
    }

    public GlobalType Type { get; }

    /// <summary>The value as its bits: 32-bit ones zero-extended, references as in <see cref="Store"/>.</summary>
    /// <exception cref="ObjectDisposedException">The instance that the global belongs to is gone.</exception>
    public ulong Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(_owner.IsClosed, this);
            return Type.ValueType is ValueType.I32 or ValueType.F32 ? (uint)*Cell : *Cell;
        }

        set
        {
            ObjectDisposedException.ThrowIf(_owner.IsClosed, this);
            *Cell = value;
        }
    }

    /// <summary>Where the value lies: in the context of the instance that defines it.</summary>
    internal ulong* Cell { get; }
}
