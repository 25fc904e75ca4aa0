using System.Reflection.Emit;

namespace PluginHost.Wasm.Compiler;

/// <summary>A call that may have moved SP, and all that is needed to go on behind it.</summary>
/// <param name="Moved">Where the code goes when SP is not where it was.</param>
/// <param name="Back">Where it goes on.</param>
/// <param name="Number">The call's number among the function's.</param>
/// <param name="Global">What global 0 was before, less SP at entry.</param>
/// <param name="Selector">The constant that stands in local 0; null where the local itself has its value.</param>
/// <param name="Live">The locals that may still be read.</param>
/// <param name="Operands">The operand stack with the call's results.</param>
internal sealed record SpMove(Label Moved, Label Back, int Number, int Global, uint? Selector, ulong Live, StackEntry[] Operands);
