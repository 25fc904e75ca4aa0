using System.Diagnostics;
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Numerics;

namespace PluginHost.Wasm.Compiler;

/// <summary>Numeric instructions.</summary>
internal sealed partial class FunctionCompiler
{
    public void Numeric(Opcode opcode)
    {
        var info = Opcodes.Find(opcode)!;
        var result = info.Results[0];

        if (info.Operands.Length == 1)
        {
            var operand = Pop();

            if (operand.Node is { } node && IsPure(opcode) && node.Size < Node.MaximumSize)
            {
                Push(Fold(opcode, result, node, null));
                return;
            }

            EmitEntry(operand);
            EmitOperation(opcode);
            PushEvaluated(result);
            return;
        }

        var second = Pop();
        var first = Pop();

        if (first.Node is { } left && second.Node is { } right && IsPure(opcode) && left.Size + right.Size < Node.MaximumSize)
        {
            Push(Fold(opcode, result, left, right));
            return;
        }

        // The upper operand stands on the evaluation stack and the lower one does not.
        if (first.Node is not null && second.Node is null && !IsCommutative(opcode))
            second = PutAside(second);

        EmitEntry(first);
        EmitEntry(second);
        EmitOperation(opcode);
        PushEvaluated(result);
    }

    public void RefIsNull()
    {
        EmitEntry(Pop());
        EmitOperation(Opcode.I64Eqz);
        PushEvaluated(ValueType.I32);
    }

    public void RefFunc(uint function)
    {
        EmitInstance();
        EmitI4((int)function);
        _il.Emit(OpCodes.Call, RuntimeMethods.Method(nameof(RuntimeMethods.FunctionReference)));
        PushEvaluated(ValueType.FuncRef);
    }

    /// <summary>Goes to the label when the condition, which may stand on the evaluation stack, is not zero or is zero.</summary>
    private void EmitBranchIf(StackEntry condition, bool whenTrue, Label label)
    {
        var node = condition.Node;

        while (node is { Kind: NodeKind.Operation, Opcode: Opcode.I32Eqz })
        {
            node = node.First!;
            whenTrue = !whenTrue;
        }

        if (node is { Kind: NodeKind.Operation } operation && TryBranch(operation.Opcode, whenTrue, out var branch))
        {
            EmitNode(operation.First!);

            if (operation.Second is { } second)
                EmitNode(second);

            _il.Emit(branch, label);
            return;
        }

        if (node is not null)
            EmitNode(node);

        _il.Emit(whenTrue ? OpCodes.Brtrue : OpCodes.Brfalse, label);
    }

    private static bool TryBranch(Opcode opcode, bool whenTrue, out OpCode branch)
    {
        OpCode? found = opcode switch
        {
            Opcode.I64Eqz => whenTrue ? OpCodes.Brfalse : OpCodes.Brtrue,
            Opcode.I32Eq or Opcode.I64Eq => whenTrue ? OpCodes.Beq : OpCodes.Bne_Un,
            Opcode.I32Ne or Opcode.I64Ne => whenTrue ? OpCodes.Bne_Un : OpCodes.Beq,
            Opcode.I32LtS or Opcode.I64LtS => whenTrue ? OpCodes.Blt : OpCodes.Bge,
            Opcode.I32LtU or Opcode.I64LtU => whenTrue ? OpCodes.Blt_Un : OpCodes.Bge_Un,
            Opcode.I32GtS or Opcode.I64GtS => whenTrue ? OpCodes.Bgt : OpCodes.Ble,
            Opcode.I32GtU or Opcode.I64GtU => whenTrue ? OpCodes.Bgt_Un : OpCodes.Ble_Un,
            Opcode.I32LeS or Opcode.I64LeS => whenTrue ? OpCodes.Ble : OpCodes.Bgt,
            Opcode.I32LeU or Opcode.I64LeU => whenTrue ? OpCodes.Ble_Un : OpCodes.Bgt_Un,
            Opcode.I32GeS or Opcode.I64GeS => whenTrue ? OpCodes.Bge : OpCodes.Blt,
            Opcode.I32GeU or Opcode.I64GeU => whenTrue ? OpCodes.Bge_Un : OpCodes.Blt_Un,
            _ => null,
        };

        branch = found ?? default;
        return found is not null;
    }

    /// <summary>Instructions on integers that cannot trap.</summary>
    private static bool IsPure(Opcode opcode) => opcode is >= Opcode.I32Eqz and <= Opcode.I64GeU
        or >= Opcode.I32Clz and <= Opcode.I32Mul or >= Opcode.I32And and <= Opcode.I32Rotr
        or >= Opcode.I64Clz and <= Opcode.I64Mul or >= Opcode.I64And and <= Opcode.I64Rotr
        or Opcode.I32WrapI64 or Opcode.I64ExtendI32S or Opcode.I64ExtendI32U
        or >= Opcode.I32Extend8S and <= Opcode.I64Extend32S;

    private static bool IsCommutative(Opcode opcode) => opcode is Opcode.I32Add or Opcode.I32Mul or Opcode.I32And or Opcode.I32Or or Opcode.I32Xor
        or Opcode.I64Add or Opcode.I64Mul or Opcode.I64And or Opcode.I64Or or Opcode.I64Xor
        or Opcode.I32Eq or Opcode.I32Ne or Opcode.I64Eq or Opcode.I64Ne;

    /// <summary>Makes a node, or a simpler one that is always equal.</summary>
    private static Node Fold(Opcode opcode, ValueType type, Node first, Node? second)
    {
        switch (opcode)
        {
            case Opcode.I32WrapI64 when first.IsConst(out var bits):
                return Node.Const(ValueType.I32, (uint)bits);
            case Opcode.I32WrapI64 when first is { Kind: NodeKind.Operation, Opcode: Opcode.I64ExtendI32U or Opcode.I64ExtendI32S }:
                return first.First!;

            // The low half of a sum is the sum of the low halves.
            case Opcode.I32WrapI64 when first is { Kind: NodeKind.Operation, Opcode: Opcode.I64Add } && first.Second!.IsConst(out var addend):
                return Fold(Opcode.I32Add, ValueType.I32, Fold(Opcode.I32WrapI64, ValueType.I32, first.First!, null), Node.Const(ValueType.I32, (uint)addend));
            case Opcode.I32Add or Opcode.I32Sub when first.Kind == NodeKind.Sp && second!.IsConst(out var moved):
                return Node.OfSp(first.Displacement + (int)(opcode == Opcode.I32Add ? moved : 0 - moved));
            case Opcode.I32Add or Opcode.I32Sub when second!.IsConst(out var addend):
                addend = opcode == Opcode.I32Add ? addend : 0 - addend;

                if ((uint)addend == 0)
                    return first;

                return first is { Kind: NodeKind.Operation, Opcode: Opcode.I32Add } && first.Second!.IsConst(out var before)
                    ? Fold(Opcode.I32Add, type, first.First!, Node.Const(ValueType.I32, (uint)(before + addend)))
                    : Node.Operation(Opcode.I32Add, type, first, Node.Const(ValueType.I32, (uint)addend));
            case Opcode.I64Add or Opcode.I64Sub when second!.IsConst(out var addend):
                addend = opcode == Opcode.I64Add ? addend : 0 - addend;

                if (addend == 0)
                    return first;

                return first is { Kind: NodeKind.Operation, Opcode: Opcode.I64Add } && first.Second!.IsConst(out var earlier)
                    ? Fold(Opcode.I64Add, type, first.First!, Node.Const(ValueType.I64, earlier + addend))
                    : Node.Operation(Opcode.I64Add, type, first, Node.Const(ValueType.I64, addend));

            // Go's 32-bit arithmetic: the low half, sign-extended.
            case Opcode.I64ShrS when second!.IsConst(out var right) && right == 32
                && first is { Kind: NodeKind.Operation, Opcode: Opcode.I64Shl } && first.Second!.IsConst(out var left) && left == 32:
                return Node.Operation(Opcode.I64Extend32S, type, first.First!, null);
            case Opcode.I64ExtendI32U when first.IsConst(out var low):
                return Node.Const(ValueType.I64, (uint)low);
            default:
                return Node.Operation(opcode, type, first, second);
        }
    }

    /// <summary>The instruction itself, with its operands on the evaluation stack.</summary>
    private void EmitOperation(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32Eqz:
                _il.Emit(OpCodes.Ldc_I4_0);
                _il.Emit(OpCodes.Ceq);
                break;
            case Opcode.I64Eqz:
                EmitI8(0L);
                _il.Emit(OpCodes.Ceq);
                break;
            case Opcode.I32Eq or Opcode.I64Eq or Opcode.F32Eq or Opcode.F64Eq:
                _il.Emit(OpCodes.Ceq);
                break;
            case Opcode.I32Ne or Opcode.I64Ne or Opcode.F32Ne or Opcode.F64Ne:
                EmitNot(OpCodes.Ceq);
                break;
            case Opcode.I32LtS or Opcode.I64LtS or Opcode.F32Lt or Opcode.F64Lt:
                _il.Emit(OpCodes.Clt);
                break;
            case Opcode.I32LtU or Opcode.I64LtU:
                _il.Emit(OpCodes.Clt_Un);
                break;
            case Opcode.I32GtS or Opcode.I64GtS or Opcode.F32Gt or Opcode.F64Gt:
                _il.Emit(OpCodes.Cgt);
                break;
            case Opcode.I32GtU or Opcode.I64GtU:
                _il.Emit(OpCodes.Cgt_Un);
                break;
            case Opcode.I32LeS or Opcode.I64LeS:
                EmitNot(OpCodes.Cgt);
                break;

            // On floats the unordered forms are true for NaN, and their negation is false.
            case Opcode.I32LeU or Opcode.I64LeU or Opcode.F32Le or Opcode.F64Le:
                EmitNot(OpCodes.Cgt_Un);
                break;
            case Opcode.I32GeS or Opcode.I64GeS:
                EmitNot(OpCodes.Clt);
                break;
            case Opcode.I32GeU or Opcode.I64GeU or Opcode.F32Ge or Opcode.F64Ge:
                EmitNot(OpCodes.Clt_Un);
                break;
            case Opcode.I32Add or Opcode.I64Add or Opcode.F32Add or Opcode.F64Add:
                _il.Emit(OpCodes.Add);
                break;
            case Opcode.I32Sub or Opcode.I64Sub or Opcode.F32Sub or Opcode.F64Sub:
                _il.Emit(OpCodes.Sub);
                break;
            case Opcode.I32Mul or Opcode.I64Mul or Opcode.F32Mul or Opcode.F64Mul:
                _il.Emit(OpCodes.Mul);
                break;
            case Opcode.F32Div or Opcode.F64Div:
                _il.Emit(OpCodes.Div);
                break;
            case Opcode.I32And or Opcode.I64And:
                _il.Emit(OpCodes.And);
                break;
            case Opcode.I32Or or Opcode.I64Or:
                _il.Emit(OpCodes.Or);
                break;
            case Opcode.I32Xor or Opcode.I64Xor:
                _il.Emit(OpCodes.Xor);
                break;
            case Opcode.I32Shl or Opcode.I32ShrS or Opcode.I32ShrU:
                EmitI4(31);
                _il.Emit(OpCodes.And);
                _il.Emit(opcode == Opcode.I32Shl ? OpCodes.Shl : opcode == Opcode.I32ShrS ? OpCodes.Shr : OpCodes.Shr_Un);
                break;
            case Opcode.I64Shl or Opcode.I64ShrS or Opcode.I64ShrU:
                _il.Emit(OpCodes.Conv_I4);
                EmitI4(63);
                _il.Emit(OpCodes.And);
                _il.Emit(opcode == Opcode.I64Shl ? OpCodes.Shl : opcode == Opcode.I64ShrS ? OpCodes.Shr : OpCodes.Shr_Un);
                break;
            case Opcode.I32WrapI64:
                _il.Emit(OpCodes.Conv_I4);
                break;
            case Opcode.I64ExtendI32S:
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64ExtendI32U:
                _il.Emit(OpCodes.Conv_U8);
                break;
            case Opcode.I32Extend8S:
                _il.Emit(OpCodes.Conv_I1);
                break;
            case Opcode.I32Extend16S:
                _il.Emit(OpCodes.Conv_I2);
                break;
            case Opcode.I64Extend8S:
                _il.Emit(OpCodes.Conv_I1);
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64Extend16S:
                _il.Emit(OpCodes.Conv_I2);
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64Extend32S:
                _il.Emit(OpCodes.Conv_I4);
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.F32Neg or Opcode.F64Neg:
                _il.Emit(OpCodes.Neg);
                break;
            case Opcode.F32ConvertI32S:
                _il.Emit(OpCodes.Conv_R4);
                break;
            case Opcode.F64ConvertI32S or Opcode.F64ConvertI64S or Opcode.F64PromoteF32:
                _il.Emit(OpCodes.Conv_R8);
                break;
            case Opcode.F32DemoteF64:
                Call(typeof(Conversions), nameof(Conversions.Demote), typeof(double));
                break;
            case Opcode.F64ConvertI32U:
                _il.Emit(OpCodes.Conv_U8);
                _il.Emit(OpCodes.Conv_R8);
                break;
            case Opcode.F32ConvertI32U:
                _il.Emit(OpCodes.Conv_U8);
                Call(typeof(Conversions), nameof(Conversions.ToSingle), typeof(long));
                break;
            default:
                EmitNumericCall(opcode);
                break;
        }
    }

    private void EmitNumericCall(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.I32DivS or Opcode.I64DivS:
                Call(typeof(Integers), nameof(Integers.DivS), Integer(opcode, Opcode.I32DivS, isSigned: true));
                break;
            case Opcode.I32DivU or Opcode.I64DivU:
                Call(typeof(Integers), nameof(Integers.DivU), Integer(opcode, Opcode.I32DivU, isSigned: false));
                break;
            case Opcode.I32RemS or Opcode.I64RemS:
                Call(typeof(Integers), nameof(Integers.RemS), Integer(opcode, Opcode.I32RemS, isSigned: true));
                break;
            case Opcode.I32RemU or Opcode.I64RemU:
                Call(typeof(Integers), nameof(Integers.RemU), Integer(opcode, Opcode.I32RemU, isSigned: false));
                break;
            case Opcode.I32Clz:
                Call(typeof(BitOperations), nameof(BitOperations.LeadingZeroCount), typeof(uint));
                break;
            case Opcode.I32Ctz:
                Call(typeof(BitOperations), nameof(BitOperations.TrailingZeroCount), typeof(uint));
                break;
            case Opcode.I32Popcnt:
                Call(typeof(BitOperations), nameof(BitOperations.PopCount), typeof(uint));
                break;
            case Opcode.I64Clz:
                Call(typeof(BitOperations), nameof(BitOperations.LeadingZeroCount), typeof(ulong));
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64Ctz:
                Call(typeof(BitOperations), nameof(BitOperations.TrailingZeroCount), typeof(ulong));
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I64Popcnt:
                Call(typeof(BitOperations), nameof(BitOperations.PopCount), typeof(ulong));
                _il.Emit(OpCodes.Conv_I8);
                break;
            case Opcode.I32Rotl:
                Call(typeof(Rotations), nameof(Rotations.Left), typeof(uint), typeof(int));
                break;
            case Opcode.I32Rotr:
                Call(typeof(Rotations), nameof(Rotations.Right), typeof(uint), typeof(int));
                break;
            case Opcode.I64Rotl:
                _il.Emit(OpCodes.Conv_I4);
                Call(typeof(Rotations), nameof(Rotations.Left), typeof(ulong), typeof(int));
                break;
            case Opcode.I64Rotr:
                _il.Emit(OpCodes.Conv_I4);
                Call(typeof(Rotations), nameof(Rotations.Right), typeof(ulong), typeof(int));
                break;
            case Opcode.F32Abs:
                EmitOnBits(isWide: false, nameof(Floats.Abs));
                break;
            case Opcode.F64Abs:
                EmitOnBits(isWide: true, nameof(Floats.Abs));
                break;
            case Opcode.F32Copysign:
                Call(typeof(RuntimeMethods), nameof(RuntimeMethods.Copysign), typeof(float), typeof(float));
                break;
            case Opcode.F64Copysign:
                Call(typeof(RuntimeMethods), nameof(RuntimeMethods.Copysign), typeof(double), typeof(double));
                break;
            case Opcode.F32Ceil or Opcode.F64Ceil:
                Call(typeof(Floats), nameof(Floats.Ceil), Float(opcode, Opcode.F32Ceil));
                break;
            case Opcode.F32Floor or Opcode.F64Floor:
                Call(typeof(Floats), nameof(Floats.Floor), Float(opcode, Opcode.F32Floor));
                break;
            case Opcode.F32Trunc or Opcode.F64Trunc:
                Call(typeof(Floats), nameof(Floats.Trunc), Float(opcode, Opcode.F32Trunc));
                break;
            case Opcode.F32Nearest or Opcode.F64Nearest:
                Call(typeof(Floats), nameof(Floats.Nearest), Float(opcode, Opcode.F32Nearest));
                break;
            case Opcode.F32Sqrt:
                Call(typeof(MathF), nameof(MathF.Sqrt), typeof(float));
                break;
            case Opcode.F64Sqrt:
                Call(typeof(Math), nameof(Math.Sqrt), typeof(double));
                break;
            case Opcode.F32Min or Opcode.F64Min:
                Call(typeof(Floats), nameof(Floats.Min), Twice(Float(opcode, Opcode.F32Min)));
                break;
            case Opcode.F32Max or Opcode.F64Max:
                Call(typeof(Floats), nameof(Floats.Max), Twice(Float(opcode, Opcode.F32Max)));
                break;
            case Opcode.I32ReinterpretF32:
                Call(typeof(BitConverter), nameof(BitConverter.SingleToInt32Bits), typeof(float));
                break;
            case Opcode.I64ReinterpretF64:
                Call(typeof(BitConverter), nameof(BitConverter.DoubleToInt64Bits), typeof(double));
                break;
            case Opcode.F32ReinterpretI32:
                Call(typeof(RuntimeMethods), nameof(RuntimeMethods.Reinterpret), typeof(int));
                break;
            case Opcode.F64ReinterpretI64:
                Call(typeof(RuntimeMethods), nameof(RuntimeMethods.Reinterpret), typeof(long));
                break;
            case Opcode.I32TruncF32S or Opcode.I32TruncF64S:
                Call(typeof(Conversions), nameof(Conversions.TruncToInt32), Float(opcode, Opcode.I32TruncF32S));
                break;
            case Opcode.I32TruncF32U or Opcode.I32TruncF64U:
                Call(typeof(Conversions), nameof(Conversions.TruncToUInt32), Float(opcode, Opcode.I32TruncF32U));
                break;
            case Opcode.I64TruncF32S or Opcode.I64TruncF64S:
                Call(typeof(Conversions), nameof(Conversions.TruncToInt64), Float(opcode, Opcode.I64TruncF32S));
                break;
            case Opcode.I64TruncF32U or Opcode.I64TruncF64U:
                Call(typeof(Conversions), nameof(Conversions.TruncToUInt64), Float(opcode, Opcode.I64TruncF32U));
                break;
            case Opcode.F32ConvertI64S:
                Call(typeof(Conversions), nameof(Conversions.ToSingle), typeof(long));
                break;
            case Opcode.F32ConvertI64U:
                Call(typeof(Conversions), nameof(Conversions.ToSingle), typeof(ulong));
                break;
            case Opcode.F64ConvertI64U:
                Call(typeof(Conversions), nameof(Conversions.ToDouble), typeof(ulong));
                break;
            case Opcode.I32TruncSatF32S or Opcode.I32TruncSatF64S:
                EmitSaturate(opcode == Opcode.I32TruncSatF32S, nameof(Conversions.SaturateToInt32));
                break;
            case Opcode.I32TruncSatF32U or Opcode.I32TruncSatF64U:
                EmitSaturate(opcode == Opcode.I32TruncSatF32U, nameof(Conversions.SaturateToUInt32));
                break;
            case Opcode.I64TruncSatF32S or Opcode.I64TruncSatF64S:
                EmitSaturate(opcode == Opcode.I64TruncSatF32S, nameof(Conversions.SaturateToInt64));
                break;
            case Opcode.I64TruncSatF32U or Opcode.I64TruncSatF64U:
                EmitSaturate(opcode == Opcode.I64TruncSatF32U, nameof(Conversions.SaturateToUInt64));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void EmitNot(OpCode comparison)
    {
        _il.Emit(comparison);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Ceq);
    }

    private void EmitOnBits(bool isWide, string method)
    {
        Call(typeof(BitConverter), isWide ? nameof(BitConverter.DoubleToUInt64Bits) : nameof(BitConverter.SingleToUInt32Bits), isWide ? typeof(double) : typeof(float));
        Call(typeof(Floats), method, isWide ? typeof(ulong) : typeof(uint));
        Call(typeof(BitConverter), isWide ? nameof(BitConverter.UInt64BitsToDouble) : nameof(BitConverter.UInt32BitsToSingle), isWide ? typeof(ulong) : typeof(uint));
    }

    private void EmitSaturate(bool isSingle, string method)
    {
        if (isSingle)
            _il.Emit(OpCodes.Conv_R8);

        Call(typeof(Conversions), method, typeof(double));
    }

    private void Call(Type type, string method, params Type[] parameters) =>
        _il.Emit(OpCodes.Call, type.GetMethod(method, BindingFlags.Static | BindingFlags.Public, parameters) ?? throw new MissingMethodException(type.Name, method));

    /// <summary>The operands' type of an instruction that exists for both widths, by what it is called for 32 bits.</summary>
    private static Type[] Integer(Opcode opcode, Opcode narrow, bool isSigned) => Twice(opcode == narrow ? (isSigned ? typeof(int) : typeof(uint)) : (isSigned ? typeof(long) : typeof(ulong)));

    private static Type Float(Opcode opcode, Opcode single) => opcode == single ? typeof(float) : typeof(double);

    private static Type[] Twice(Type type) => [type, type];
}
