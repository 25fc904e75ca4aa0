using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Compiler;

/// <summary>Constants in memory that the JIT does not look into. They stay in their places as long as the pool lives.</summary>
internal sealed unsafe class ConstantPool
{
    private const int ChunkLength = 64;

    private readonly Dictionary<ulong, nint> _addresses = [];
    private readonly List<ulong[]> _chunks = [];
    private int _used = ChunkLength;

    /// <summary>Where a constant stands; 32-bit ones in the lower half.</summary>
    public nint Address(ulong bits)
    {
        if (!_addresses.TryGetValue(bits, out var address))
        {
            if (_used == ChunkLength)
            {
                _chunks.Add(GC.AllocateArray<ulong>(ChunkLength, pinned: true));
                _used = 0;
            }

            _chunks[^1][_used] = bits;
            address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_chunks[^1])) + (_used++ * sizeof(ulong));
            _addresses.Add(bits, address);
        }

        return address;
    }
}
