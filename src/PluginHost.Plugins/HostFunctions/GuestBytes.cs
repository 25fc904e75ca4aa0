using System.Runtime.InteropServices;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>A pointer and a length within a struct of a guest's: in Go two fields of the type uint32.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct GuestBytes
{
    private readonly uint _pointer;
    private readonly uint _length;

    /// <summary>The bytes themselves, valid until the host function returns.</summary>
    /// <exception cref="TrapException">Not all of them lie in the memory.</exception>
    public ReadOnlySpan<byte> In(LinearMemory memory) => memory.Span(_pointer, _length);
}
