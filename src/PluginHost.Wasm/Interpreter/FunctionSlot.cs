using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// What a call needs of the function it enters: one entry for each function of the module, shared by all its instances. The code is null until the function
/// is first called. It is published last, by one aligned store, and can be replaced by another such store while instances run: so a compiled function
/// takes over, through code that leaves the loop.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionSlot
{
    public Instruction* Code;

    /// <summary>The slots that a frame of the function takes: arguments, locals, operands.</summary>
    public int FrameSlots;

    /// <summary>The first local behind the parameters.</summary>
    public ushort FirstLocal;

    /// <summary>How many locals start as zero.</summary>
    public ushort LocalCount;
}
