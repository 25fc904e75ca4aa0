using System.Runtime.InteropServices;

namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// What a call needs of the function it enters: one entry for each function of the module, shared by all its instances. The code is null until the function
/// is first called. It is published last, by one aligned store, and is replaced by another such store while instances run: so a compiled function
/// takes over, through an <see cref="Operation.EnterCompiled"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionSlot
{
    public Instruction* Code;

    /// <summary>The function's register code, which stays when <see cref="Code"/> enters compiled code; null before it was made.</summary>
    public Instruction* Lowered;

    /// <summary>The slots that a frame of the function takes: arguments, locals, operands.</summary>
    public int FrameSlots;

    /// <summary>The first local behind the parameters.</summary>
    public ushort FirstLocal;

    /// <summary>How many locals start as zero.</summary>
    public ushort LocalCount;

    /// <summary>How often the function was seen running; several threads count without care, as a lost count costs nothing.</summary>
    public int Heat;

    /// <summary>How far <see cref="Heat"/> has brought the function.</summary>
    public Tier Tier;
}
