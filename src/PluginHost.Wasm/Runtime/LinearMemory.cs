using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// A memory instance (spec 4.2.8): a multiple of 64 KiB of bytes, addressed from 0. Guests and host share it; every access by the host is checked against
/// its current size.
/// </summary>
public sealed class LinearMemory
{
    /// <summary>The size of a page in bytes.</summary>
    public const int PageSize = 65_536;

    /// <summary>The declared type; its minimum is the size at the start.</summary>
    public MemoryType Type { get; }

    public LinearMemory(MemoryType type, uint maximumPages = 65_536)
    {
        Type = type;
        throw new NotImplementedException();
    }

    /// <summary>The current size in pages.</summary>
    public uint Pages => throw new NotImplementedException();

    /// <summary>The current size in bytes, at most 4 GiB.</summary>
    public ulong ByteLength => throw new NotImplementedException();

    /// <summary>Grows by <paramref name="delta"/> pages of zeros.</summary>
    /// <returns>The size before, in pages; or −1 as the instruction has it when a limit forbids it.</returns>
    public int Grow(uint delta) => throw new NotImplementedException();

    /// <summary>The bytes from <paramref name="address"/>, where all of them lie in the memory.</summary>
    /// <param name="bytes">Valid until guest code runs again.</param>
    public bool TryGetSpan(uint address, uint length, out Span<byte> bytes) => throw new NotImplementedException();

    /// <summary>The bytes from <paramref name="address"/>.</summary>
    /// <exception cref="TrapException">Not all of them lie in the memory.</exception>
    public Span<byte> Span(uint address, uint length)
    {
        if (!TryGetSpan(address, length, out var bytes))
            Traps.Throw(TrapKind.OutOfBoundsMemoryAccess);

        return bytes;
    }
}
