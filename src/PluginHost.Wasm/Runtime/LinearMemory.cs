using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Runtime;

/// <summary>
/// A memory instance (spec 4.2.8): a multiple of 64 KiB of bytes, addressed from 0. Guests and host share it; every access by the host is checked against
/// its current size.
/// </summary>
public sealed unsafe class LinearMemory : IDisposable
{
    /// <summary>The size of a page in bytes.</summary>
    public const int PageSize = 65_536;

    /// <summary>The pages that 32-bit addresses can reach.</summary>
    public const uint MaximumPages = 65_536;

    private readonly uint _limit;

    /// <summary>Makes a memory of the host's own, for instances to import.</summary>
    /// <param name="maximumPages">What it may grow to, whatever larger maximum the type declares.</param>
    public LinearMemory(MemoryType type, uint maximumPages = MaximumPages)
        : this(type, maximumPages, sizeof(InstanceContext))
    {
    }

    internal LinearMemory(MemoryType type, uint maximumPages, int headBytes)
    {
        Type = type;
        _limit = Math.Min(type.Limits.Maximum ?? MaximumPages, Math.Min(maximumPages, MaximumPages));

        if (type.Limits.Minimum > maximumPages)
            throw new InstantiationException($"a memory of {type.Limits.Minimum} pages ({(ulong)type.Limits.Minimum * PageSize} bytes) is larger than the limit of {maximumPages} pages");

        Space = new AddressSpace(headBytes, (ulong)_limit * PageSize);

        if (Grow(type.Limits.Minimum) < 0)
        {
            Space.Dispose();
            throw new InstantiationException($"the system has no memory for {type.Limits.Minimum} pages");
        }
    }

    /// <summary>The declared type; its minimum is the size at the start.</summary>
    public MemoryType Type { get; }

    /// <summary>The current size in pages.</summary>
    public uint Pages { get; private set; }

    /// <summary>The current size in bytes, at most 4 GiB.</summary>
    public ulong ByteLength => (ulong)Pages * PageSize;

    internal AddressSpace Space { get; }

    internal byte* Base => Space.Base;

    /// <summary>The context below the base: this memory's length stands there for running code.</summary>
    internal InstanceContext* Context => (InstanceContext*)Space.Base - 1;

    /// <summary>Grows by <paramref name="delta"/> pages of zeros.</summary>
    /// <returns>The size before, in pages; or −1 as the instruction has it when a limit forbids it.</returns>
    public int Grow(uint delta)
    {
        var pages = Pages;

        if (delta > _limit - pages || !Space.TryOpen(ByteLength, ByteLength + ((ulong)delta * PageSize)))
            return -1;

        Pages = pages + delta;
        Context->MemoryLength = ByteLength;
        return (int)pages;
    }

    /// <summary>The bytes from <paramref name="address"/>, where all of them lie in the memory.</summary>
    /// <param name="bytes">Valid until guest code runs again.</param>
    public bool TryGetSpan(uint address, uint length, out Span<byte> bytes)
    {
        // Both are below 2^32, so the sum does not wrap; a span's length is a positive int.
        if ((ulong)address + length > ByteLength || length > int.MaxValue)
        {
            bytes = default;
            return false;
        }

        bytes = new Span<byte>(Space.Base + address, (int)length);
        return true;
    }

    /// <summary>The bytes from <paramref name="address"/>.</summary>
    /// <exception cref="TrapException">Not all of them lie in the memory.</exception>
    public Span<byte> Span(uint address, uint length)
    {
        if (!TryGetSpan(address, length, out var bytes))
            Traps.Throw(TrapKind.OutOfBoundsMemoryAccess);

        return bytes;
    }

    /// <summary>Gives the memory back. Afterwards it has no bytes, so that nothing can reach where it was.</summary>
    public void Dispose()
    {
        Pages = 0;
        Space.Dispose();
    }
}
