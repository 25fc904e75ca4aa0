namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// The sequences that Go's compiler emits, made shorter. Each is recognised by the instructions themselves and replaced by one that does the same, so any
/// module may contain them, and one that does not pays nothing.
/// </summary>
internal partial struct FunctionLowering
{
    /// <summary>Pops a condition. The jump is still to be given its target; a constant condition is a <see cref="Operation.Const"/> of 0 or 1.</summary>
    private Instruction TakeCondition(bool whenTrue)
    {
        var operand = Pop();

        if (operand.IsConst)
            return new Instruction(Operation.Const, 0, 0, 0, ((uint)operand.Value != 0) == whenTrue ? 1UL : 0);

        if (operand.Kind == OperandKind.Slot && operand.Slot == Canonical(_stack.Count) && Code.TryTakeCondition(operand.Slot, whenTrue, out var jump))
            return jump;

        return new Instruction(whenTrue ? Operation.JumpIfNotZero32 : Operation.JumpIfZero32, Register(operand, _stack.Count));
    }

    /// <summary>Remembers the targets of a <c>br_table</c> on a local that a loop starts with.</summary>
    private readonly void NoteDispatch(Operand selector, ReadOnlySpan<uint> depths)
    {
        if (selector.Kind != OperandKind.Slot || selector.Slot >= _locals)
            return;

        var frames = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_frames);
        var index = frames.Length - 1;

        // A block that starts before the code's end has a loop around it that does so too.
        while (frames[index].Kind == ControlKind.Block && frames[index].Type.SlotCount == 0 && frames[index].Start == Code.Count)
            index--;

        ref var loop = ref frames[index];

        if (loop.Kind != ControlKind.Loop || loop.Arity != 0 || loop.Start != Code.Count || loop.Height != _stack.Count)
            return;

        loop.Selector = selector.Slot;
        loop.Dispatch = new int[depths.Length];

        for (var i = 0; i < depths.Length; i++)
            loop.Dispatch[i] = Target(depths[i]).IsPlainTarget ? Target(depths[i]).Label : -1;
    }

    /// <summary>
    /// A branch back to a loop that starts with a <c>br_table</c> on a local, just after a constant was assigned to that local, goes where the
    /// <c>br_table</c> would go. Alone in an <c>if</c>, it becomes the condition's own jump.
    /// </summary>
    private readonly bool TryThreadJump(uint depth)
    {
        ref readonly var loop = ref Target(depth);

        if (loop.Dispatch is null || !Code.TryPeekConst(loop.Selector, out var constant))
            return false;

        var label = loop.Dispatch[(int)Math.Min((uint)constant, (uint)loop.Dispatch.Length - 1)];

        if (label < 0)
            return false;

        if (_isSelectorDead && loop.Selector == 0)
            Code.RemoveLast(1);

        ref readonly var innermost = ref Target(0);

        if (innermost.Kind != ControlKind.If || innermost.ElseLabel < 0 || innermost.Start != Code.Count || !Code.TryRedirectLastJump(innermost.ElseLabel, label))
            Code.EmitJump(new Instruction(Operation.Jump), label);

        return true;
    }

    /// <summary>SP − 8 and the return address stored there, then a call with PC_B = 0. The parameter may be of any type, so all bits count.</summary>
    private readonly bool TryFuseCall(uint function)
    {
        if (!_stack[^1].IsConst || _stack[^1].Value != 0 || !Code.TryPeek(Operation.GoPush, out var push) || push.Immediate > uint.MaxValue)
            return false;

        Code.RemoveLast(1);
        Code.Emit(new Instruction(Operation.GoCall, push.A, Canonical(_stack.Count - 1), push.C, (uint)push.Immediate, function));
        return true;
    }

    /// <summary>SP reloaded after a call, and the function left when the call unwinds.</summary>
    private readonly bool TryFuseResume(int result, int label)
    {
        if (!Code.TryPeek(Operation.GlobalGet, out var get) || get.Low != 0 || get.A == result)
            return false;

        Code.RemoveLast(1);
        Code.EmitJump(new Instruction(Operation.GoResume, get.A, result), label);
        return true;
    }

    /// <summary>A value stored where SP was just moved to.</summary>
    private readonly bool TryFusePush(int slot, ulong value)
    {
        if (!Code.TryPeek(Operation.AddSetGlobal, out var add) || add.A != slot || add.B != slot || add.High != 0 || (int)add.Low != (short)add.Low)
            return false;

        Code.RemoveLast(1);
        Code.Emit(new Instruction(Operation.GoPush, slot, 0, (ushort)add.Low, value));
        return true;
    }

    /// <summary>SP moved, in its local and in its global; moved twice, it is moved once.</summary>
    private readonly bool TryFuseSetGlobal(int slot, uint global)
    {
        if (!Code.TryPeek(Operation.I32AddConst, out var add) || add.A != slot)
            return false;

        Code.RemoveLast(1);

        if (add.B == slot && Code.TryPeek(Operation.AddSetGlobal, out var before) && before.A == slot && before.High == global)
        {
            Code.RemoveLast(1);
            add.B = before.B;
            add.Low += before.Low;
        }

        Code.Emit(new Instruction(Operation.AddSetGlobal, slot, add.B, 0, add.Low, global));
        return true;
    }

    /// <summary>SP moved up, then 0 returned.</summary>
    private readonly bool TryFuseReturn()
    {
        if (!Code.TryPeek(Operation.AddSetGlobal, out var add) || add.High != 0)
            return false;

        Code.RemoveLast(1);
        Code.Emit(new Instruction(Operation.GoReturn, add.B, 0, 0, add.Low));
        return true;
    }
}
