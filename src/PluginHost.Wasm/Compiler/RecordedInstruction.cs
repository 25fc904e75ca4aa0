using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Compiler;

/// <summary>One call of an <see cref="Validation.IFunctionSink"/>.</summary>
/// <param name="At">The instruction's place in the module's bytes.</param>
/// <param name="First">Its immediate, or the first of two; for <c>else</c> and <c>end</c> whether they are reached, for <c>select</c> the type.</param>
/// <param name="Bits">Of a constant, or the second immediate.</param>
/// <param name="Extra">What is no number: a block's type, the targets of a <c>br_table</c>.</param>
internal readonly record struct RecordedInstruction(Opcode Opcode, int At, uint First = 0, ulong Bits = 0, object? Extra = null)
{
    public bool IsLoad => Opcode is >= Opcode.I32Load and <= Opcode.I64Load32U;

    public bool IsStore => Opcode is >= Opcode.I32Store and <= Opcode.I64Store32;

    public bool IsNumeric => Opcode is >= Opcode.I32Eqz and <= Opcode.I64Extend32S or >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U;
}
