using System.Reflection.Emit;

namespace PluginHost.Wasm.Compiler;

/// <summary>
/// One comparison for several accesses: the bytes from a local plus <paramref name="Below"/> up to the local plus <paramref name="End"/> lie in the memory. Where they
/// do not, the interpreter goes on with the function, so that nothing is seen earlier than it happens.
/// </summary>
/// <param name="Instruction">The index of the instruction that it stands before, where no operand is on the stack.</param>
/// <param name="Below">Not above 0, and so far down that no address of the accesses wraps.</param>
internal sealed record CheckedRange(int Instruction, int Local, int Below, int End)
{
    /// <summary>The locals that the rest of the function may read, a bit for each.</summary>
    public ulong Live { get; set; }

    /// <summary>Where the generated code has the local's address in the memory.</summary>
    public LocalBuilder? Pointer { get; set; }
}
