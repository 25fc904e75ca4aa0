using System.Diagnostics;
using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Interpreter;

/// <summary>Numeric instructions, loads and stores.</summary>
internal partial struct FunctionLowering
{
    public void Load(Opcode opcode, uint offset)
    {
        var operation = opcode switch
        {
            Opcode.I32Load or Opcode.F32Load or Opcode.I64Load32U => Operation.I32Load,
            Opcode.I64Load or Opcode.F64Load => Operation.I64Load,
            Opcode.I32Load8S => Operation.I32Load8S,
            Opcode.I32Load8U or Opcode.I64Load8U => Operation.I32Load8U,
            Opcode.I32Load16S => Operation.I32Load16S,
            Opcode.I32Load16U or Opcode.I64Load16U => Operation.I32Load16U,
            Opcode.I64Load8S => Operation.I64Load8S,
            Opcode.I64Load16S => Operation.I64Load16S,
            Opcode.I64Load32S => Operation.I64Load32S,
            _ => throw new UnreachableException(),
        };

        var (address, addend) = PopAddress();
        PushDefined(new Instruction(operation, 0, address, 0, addend, offset));
    }

    public void Store(Opcode opcode, uint offset)
    {
        var operation = opcode switch
        {
            Opcode.I32Store or Opcode.F32Store or Opcode.I64Store32 => Operation.I32Store,
            Opcode.I64Store or Opcode.F64Store => Operation.I64Store,
            Opcode.I32Store8 or Opcode.I64Store8 => Operation.I32Store8,
            Opcode.I32Store16 or Opcode.I64Store16 => Operation.I32Store16,
            _ => throw new UnreachableException(),
        };

        var position = _stack.Count - 1;
        var value = Pop();

        if (value.IsConst)
        {
            if (operation == Operation.I64Store && _stack[^1].Kind == OperandKind.Slot && offset == 0 && TryFusePush(_stack[^1].Slot, value.Value))
            {
                Pop();
                return;
            }

            if (FitsStoreConst(operation, value.Value))
            {
                var (constAddress, constAddend) = PopAddress();
                Code.Emit(new Instruction(WithConst(operation), constAddress, 0, (ushort)value.Value, constAddend, offset));
                return;
            }
        }

        var slot = Register(value, position);
        var (address, addend) = PopAddress();
        Code.Emit(new Instruction(operation, address, slot, 0, addend, offset));
    }

    public void Numeric(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32WrapI64:
                Push(Wrap(Pop()));
                return;
            case Opcode.I64ExtendI32U:
                Extend();
                return;
            case Opcode.I32ReinterpretF32 or Opcode.I64ReinterpretF64 or Opcode.F32ReinterpretI32 or Opcode.F64ReinterpretI64:
                // Slots hold bits: nothing changes.
                return;
            case Opcode.I32Add or Opcode.I32Sub or Opcode.I64Add or Opcode.I64Sub when TryDeferSum(opcode):
                return;
            case Opcode.I32Eqz when TryNegateComparison():
                return;
        }

        var operation = ToOperation(opcode);

        if (IsUnary(opcode))
        {
            PushDefined(new Instruction(operation, 0, PopRegister()));
            return;
        }

        EmitBinary(operation, opcode);
    }

    private void EmitBinary(Operation operation, Opcode opcode)
    {
        var position = _stack.Count - 1;
        var c = Pop();
        var b = Pop();

        if (b.IsConst && !c.IsConst && TrySwap(operation, out var swapped))
        {
            (b, c) = (c, b);
            operation = swapped;
        }

        if (c.IsConst && TryWithConst(operation, out var withConst))
        {
            if (withConst == Operation.I64ShrSConst && c.Value == 32 && TryFuseExtend(b))
                return;

            // Where the constant was below the operand, the operand's own slot is the upper one.
            var slot = b.Kind == OperandKind.Slot ? b.Slot : Register(b, position - 1);
            PushDefined(new Instruction(withConst, 0, slot, 0, IsWide(opcode) ? c.Value : (uint)c.Value));
            return;
        }

        var left = Register(b, position - 1);
        var right = Register(c, position);
        PushDefined(new Instruction(operation, 0, left, right));
    }

    /// <summary>The slot and the addend of a 32-bit address.</summary>
    private (int Slot, uint Addend) PopAddress()
    {
        var operand = Pop();
        return operand.Kind == OperandKind.Add32 ? (operand.Slot, (uint)operand.Value) : (Register(operand, _stack.Count), 0);
    }

    private static Operand Wrap(Operand operand) => operand.Kind switch
    {
        OperandKind.Const => Operand.Const((uint)operand.Value),
        OperandKind.Add64 or OperandKind.AddExtended when (uint)operand.Value == 0 => Operand.InSlot(operand.Slot),
        OperandKind.Add64 or OperandKind.AddExtended => new Operand(OperandKind.Add32, operand.Slot, (uint)operand.Value),
        _ => operand,
    };

    private void Extend()
    {
        var operand = Pop();

        if (operand.IsConst)
            Push(Operand.Const((uint)operand.Value));
        else
            Push(new Operand(OperandKind.AddExtended, Register(operand, _stack.Count), 0));
    }

    /// <summary>A sum with a constant becomes a larger addend, and no instruction.</summary>
    private bool TryDeferSum(Opcode opcode)
    {
        var c = _stack[^1];
        var b = _stack[^2];

        if (opcode is Opcode.I32Add or Opcode.I64Add && b.IsConst)
            (b, c) = (c, b);

        if (!c.IsConst || b.IsConst)
            return false;

        // Below the constant's position the value's own slot would not survive the next push.
        if (b.Slot == Canonical(_stack.Count - 1))
            return false;

        var isWide = opcode is Opcode.I64Add or Opcode.I64Sub;
        var addend = b.Value + (opcode is Opcode.I32Sub or Opcode.I64Sub ? 0 - c.Value : c.Value);
        var kind = b.Kind != OperandKind.Slot ? b.Kind : isWide ? OperandKind.Add64 : OperandKind.Add32;
        RemoveFrom(_stack.Count - 2);
        _stack.Add(new Operand(kind, b.Slot, isWide ? addend : (uint)addend));
        return true;
    }

    /// <summary>A negated integer comparison is the opposite comparison.</summary>
    private readonly bool TryNegateComparison()
    {
        var operand = _stack[^1];
        return operand.Kind == OperandKind.Slot && operand.Slot == Canonical(_stack.Count - 1) && Code.TryNegateComparison(operand.Slot);
    }

    /// <summary>A shift left by 32 and right by 32 extends the low half.</summary>
    private bool TryFuseExtend(Operand shifted)
    {
        if (shifted.Kind != OperandKind.Slot || shifted.Slot != Canonical(_stack.Count) || !Code.TryTakeDefinition(Operation.I64ShlConst, shifted.Slot, 32, out var shift))
            return false;

        PushDefined(new Instruction(Operation.I64Extend32S, 0, shift.B));
        return true;
    }

    private static bool FitsStoreConst(Operation operation, ulong value) => operation switch
    {
        Operation.I64Store => (long)value == (short)value,
        Operation.I32Store => (int)value == (short)value,
        _ => true,
    };

    private static Operation WithConst(Operation store) => store switch
    {
        Operation.I32Store => Operation.I32StoreConst,
        Operation.I64Store => Operation.I64StoreConst,
        Operation.I32Store8 => Operation.I32Store8Const,
        _ => Operation.I32Store16Const,
    };

    private static bool IsWide(Opcode opcode) => opcode is >= Opcode.I64Eqz and <= Opcode.I64GeU or >= Opcode.I64Clz and <= Opcode.I64Rotr;

    private static bool IsUnary(Opcode opcode) => opcode is Opcode.I32Eqz or Opcode.I64Eqz or >= Opcode.I32WrapI64
        or >= Opcode.I32Clz and <= Opcode.I32Popcnt or >= Opcode.I64Clz and <= Opcode.I64Popcnt
        or >= Opcode.F32Abs and <= Opcode.F32Sqrt or >= Opcode.F64Abs and <= Opcode.F64Sqrt;

    /// <summary>Numeric operations stand in the order of their opcodes, without the conversions that change nothing in a slot.</summary>
    private static Operation ToOperation(Opcode opcode) => opcode switch
    {
        <= Opcode.F64Copysign => Operation.I32Eqz + (opcode - Opcode.I32Eqz),
        <= Opcode.F64PromoteF32 => Operation.I32TruncF32S + (opcode - Opcode.I32TruncF32S),
        <= Opcode.I64Extend32S => Operation.I32Extend8S + (opcode - Opcode.I32Extend8S),
        _ => Operation.I32TruncSatF32S + (opcode - Opcode.I32TruncSatF32S),
    };

    private static bool TrySwap(Operation operation, out Operation swapped)
    {
        swapped = operation switch
        {
            Operation.I32Add or Operation.I32Mul or Operation.I32And or Operation.I32Or or Operation.I32Xor => operation,
            Operation.I64Add or Operation.I64Mul or Operation.I64And or Operation.I64Or or Operation.I64Xor => operation,
            >= Operation.I32Eq and <= Operation.I32GeU or >= Operation.I64Eq and <= Operation.I64GeU => Condition.Swap(operation),
            _ => default,
        };

        return swapped != default;
    }

    private static bool TryWithConst(Operation operation, out Operation withConst)
    {
        withConst = operation switch
        {
            Operation.I32Add => Operation.I32AddConst,
            Operation.I32Mul => Operation.I32MulConst,
            Operation.I32And => Operation.I32AndConst,
            Operation.I32Or => Operation.I32OrConst,
            Operation.I32Xor => Operation.I32XorConst,
            Operation.I32Shl => Operation.I32ShlConst,
            Operation.I32ShrS => Operation.I32ShrSConst,
            Operation.I32ShrU => Operation.I32ShrUConst,
            Operation.I32Rotl => Operation.I32RotlConst,
            Operation.I64Add => Operation.I64AddConst,
            Operation.I64Mul => Operation.I64MulConst,
            Operation.I64And => Operation.I64AndConst,
            Operation.I64Or => Operation.I64OrConst,
            Operation.I64Xor => Operation.I64XorConst,
            Operation.I64Shl => Operation.I64ShlConst,
            Operation.I64ShrS => Operation.I64ShrSConst,
            Operation.I64ShrU => Operation.I64ShrUConst,
            Operation.I64Rotl => Operation.I64RotlConst,
            _ => default,
        };

        return withConst != default || Condition.TryWithConst(operation, out withConst);
    }
}
