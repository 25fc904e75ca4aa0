using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>What a call leaves behind for its return, on a stack of its own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CallFrame
{
    /// <summary>Where the caller goes on.</summary>
    public Instruction* ReturnAddress;

    /// <summary>The caller's frame.</summary>
    public ulong* CallerFrame;

    /// <summary>The function that was called.</summary>
    public FunctionSlot* Function;
}
