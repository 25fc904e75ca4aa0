namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// Turns comparisons into conditional jumps and conditional jumps into their opposites. It relies on the order of the members of <see cref="Operation"/>:
/// ten integer comparisons in one order wherever they stand, and the jumps in the orders named here.
/// </summary>
internal static class Condition
{
    // eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
    private static ReadOnlySpan<byte> Negated => [1, 0, 8, 9, 6, 7, 4, 5, 2, 3];

    private static ReadOnlySpan<byte> Swapped => [0, 1, 4, 5, 2, 3, 8, 9, 6, 7];

    // Jumps on two slots exist for eq ne lt_s lt_u le_s le_u: the others are these with the slots exchanged.
    private static ReadOnlySpan<sbyte> JumpOfComparison => [0, 1, 2, 3, -1, -1, 4, 5, -1, -1];

    private static ReadOnlySpan<byte> ComparisonOfJump => [0, 1, 2, 3, 6, 7];

    // eq ne lt gt le ge, against jumps eq ne lt le not-lt not-le
    private static ReadOnlySpan<byte> NegatedFloatJump => [1, 0, 4, 5, 2, 3];

    /// <summary>The comparison that is true where an integer comparison is false.</summary>
    public static bool TryNegate(ref Instruction comparison)
    {
        foreach (var first in (ReadOnlySpan<Operation>)[Operation.I32Eq, Operation.I64Eq, Operation.I32EqConst, Operation.I64EqConst])
        {
            if (IsIn(comparison.Operation, first, 10, out var index))
            {
                comparison.Operation = At(first, Negated[index]);
                return true;
            }
        }

        return false;
    }

    /// <summary>The comparison with its operands exchanged.</summary>
    public static Operation Swap(Operation comparison) =>
        IsIn(comparison, Operation.I32Eq, 10, out var index) ? At(Operation.I32Eq, Swapped[index]) :
        IsIn(comparison, Operation.I64Eq, 10, out index) ? At(Operation.I64Eq, Swapped[index]) : comparison;

    /// <summary>The comparison of a slot with a constant, for an integer comparison of two slots.</summary>
    public static bool TryWithConst(Operation comparison, out Operation withConst)
    {
        if (IsIn(comparison, Operation.I32Eq, 10, out var index))
            withConst = At(Operation.I32EqConst, index);
        else if (IsIn(comparison, Operation.I64Eq, 10, out index))
            withConst = At(Operation.I64EqConst, index);
        else
            withConst = default;

        return withConst != default;
    }

    /// <summary>The jump that is taken when the comparison gives what <paramref name="whenTrue"/> says.</summary>
    /// <returns>Whether there is one for this instruction.</returns>
    public static bool TryMakeJump(Instruction comparison, bool whenTrue, out Instruction jump)
    {
        var (operation, b, c) = (comparison.Operation, (int)comparison.B, (int)comparison.C);

        if (operation == Operation.I32Eqz)
        {
            jump = new Instruction(whenTrue ? Operation.JumpIfZero32 : Operation.JumpIfNotZero32, b);
            return true;
        }

        if (operation == Operation.I64Eqz)
        {
            jump = new Instruction(whenTrue ? Operation.JumpIfZero64 : Operation.JumpIfNotZero64, b);
            return true;
        }

        if (IsIn(operation, Operation.I32Eq, 10, out var index))
            return MakeJump(Operation.JumpIfI32Eq, index, whenTrue, b, c, out jump);

        if (IsIn(operation, Operation.I64Eq, 10, out index))
            return MakeJump(Operation.JumpIfI64Eq, index, whenTrue, b, c, out jump);

        if (IsIn(operation, Operation.I32EqConst, 10, out index))
        {
            jump = new Instruction(At(Operation.JumpIfI32EqConst, whenTrue ? index : Negated[index]), b, 0, 0, 0, comparison.Low);
            return true;
        }

        if (IsIn(operation, Operation.I64EqConst, 10, out index) && (long)comparison.Immediate == (int)comparison.Immediate)
        {
            jump = new Instruction(At(Operation.JumpIfI64EqConst, whenTrue ? index : Negated[index]), b, 0, 0, 0, comparison.Low);
            return true;
        }

        if (IsIn(operation, Operation.F32Eq, 6, out index))
            return MakeFloatJump(Operation.JumpIfF32Eq, index, whenTrue, b, c, out jump);

        if (IsIn(operation, Operation.F64Eq, 6, out index))
            return MakeFloatJump(Operation.JumpIfF64Eq, index, whenTrue, b, c, out jump);

        jump = default;
        return false;
    }

    /// <summary>The jump that is taken where this one is not.</summary>
    public static bool TryNegateJump(ref Instruction jump)
    {
        switch (jump.Operation)
        {
            case Operation.JumpIfZero32:
                jump.Operation = Operation.JumpIfNotZero32;
                return true;
            case Operation.JumpIfNotZero32:
                jump.Operation = Operation.JumpIfZero32;
                return true;
            case Operation.JumpIfZero64:
                jump.Operation = Operation.JumpIfNotZero64;
                return true;
            case Operation.JumpIfNotZero64:
                jump.Operation = Operation.JumpIfZero64;
                return true;
        }

        foreach (var first in (ReadOnlySpan<Operation>)[Operation.JumpIfI32Eq, Operation.JumpIfI64Eq])
        {
            if (IsIn(jump.Operation, first, 6, out var index))
                return MakeJump(first, ComparisonOfJump[index], false, jump.A, jump.B, out jump);
        }

        foreach (var first in (ReadOnlySpan<Operation>)[Operation.JumpIfI32EqConst, Operation.JumpIfI64EqConst])
        {
            if (IsIn(jump.Operation, first, 10, out var index))
            {
                jump.Operation = At(first, Negated[index]);
                return true;
            }
        }

        foreach (var first in (ReadOnlySpan<Operation>)[Operation.JumpIfF32Eq, Operation.JumpIfF64Eq])
        {
            if (IsIn(jump.Operation, first, 6, out var index))
            {
                jump.Operation = At(first, NegatedFloatJump[index]);
                return true;
            }
        }

        return false;
    }

    private static bool MakeJump(Operation first, int comparison, bool whenTrue, int a, int b, out Instruction jump)
    {
        if (!whenTrue)
            comparison = Negated[comparison];

        if (JumpOfComparison[comparison] < 0)
            (comparison, a, b) = (Swapped[comparison], b, a);

        jump = new Instruction(At(first, JumpOfComparison[comparison]), a, b);
        return true;
    }

    private static bool MakeFloatJump(Operation first, int comparison, bool whenTrue, int a, int b, out Instruction jump)
    {
        // gt and ge are lt and le with the slots exchanged; lt and le are false for NaN, so their opposites are jumps of their own.
        (var index, a, b) = comparison switch
        {
            0 => (0, a, b),
            1 => (1, a, b),
            2 => (2, a, b),
            3 => (2, b, a),
            4 => (3, a, b),
            _ => (3, b, a),
        };

        jump = new Instruction(At(first, whenTrue ? index : NegatedFloatJump[index]), a, b);
        return true;
    }

    private static Operation At(Operation first, int index) => (Operation)((int)first + index);

    private static bool IsIn(Operation operation, Operation first, int count, out int index)
    {
        index = operation - first;
        return (uint)index < (uint)count;
    }
}
