using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Shape;

/// <summary>What stands in a block.</summary>
internal sealed partial class GoShapeFunctionWriter
{
    private const int MaximumNesting = 2;

    private static readonly Opcode[] s_wideOperations =
        [Opcode.I64Add, Opcode.I64Sub, Opcode.I64Mul, Opcode.I64And, Opcode.I64Or, Opcode.I64Xor, Opcode.I64Shl, Opcode.I64ShrS, Opcode.I64ShrU, Opcode.I64Rotl];

    private static readonly Opcode[] s_wideLoads = [Opcode.I64Load, Opcode.I64Load, Opcode.I64Load8U, Opcode.I64Load8S, Opcode.I64Load16U, Opcode.I64Load32S, Opcode.I64Load32U];

    private static readonly Opcode[] s_wideStores = [Opcode.I64Store, Opcode.I64Store, Opcode.I64Store8, Opcode.I64Store16, Opcode.I64Store32];

    private void Statement(GoShapeCode block, int number, int nesting)
    {
        var code = block.Raw;

        switch (_random.Below(20))
        {
            case 0 or 1:
                block.Add(Slot(), _random.Between(1, 99));
                break;
            case 2 or 3:
                Assign(code, _random.Pick<uint>(s_locals), nesting);
                break;
            case 4:
                code.Get(1);
                PushWide(code);
                code.Op(_random.Pick<Opcode>(s_wideStores), 0).U32(Slot());
                break;
            case 5 or 6:
                Pointer(code, nesting);
                break;
            case 7:
                code.Get(1).Op(Opcode.I64ExtendI32U).I64(_random.Pick<long>(Slot(), -8, 600, 65_536)).Op(Opcode.I64Add).Op(Opcode.I32WrapI64);
                PushWide(code);
                code.Op(Opcode.I64Store, 3).U32((uint)_random.Pick(0, 0, 0, 8, 4_096));
                break;
            case 8 or 9 or 10:
                PlainCall(code);
                break;
            case 11:
                CallImport(code);
                break;
            case 12 or 13 when nesting < MaximumNesting:
                If(block, number, nesting);
                break;
            case 14:
                PushCondition(code);
                block.Panic(_callees.Unwinder);
                break;
            case 15:
                var room = 8 * _random.Between(1, 4);
                block.Push(room).Add(0, 3).Pop(room);
                break;
            case 16:
                code.Get(1).I32((int)Slot()).Op(Opcode.I32Add).I32(_random.Pick(0x100, 0, 65_500)).I32(_random.Below(70)).Op(Opcode.MemoryCopy, 0).U32(0);
                break;
            case 17:
                code.Op(Opcode.GlobalGet, 0).Set(1);
                break;
            case 18:
                Leave(block, number);
                break;
            default:
                code.Op(Opcode.GlobalGet, 1).I64(7).Op(Opcode.I64And).Op(Opcode.GlobalSet, 1);
                break;
        }
    }

    /// <summary>The offset from SP of something in the frame, or of the arguments above it; now and then beyond what one comparison covers.</summary>
    private uint Slot() => _random.Chance(92) ? (uint)(8 * _random.Below((_frame / 8) + 4)) : _random.Pick<uint>(1, 504, 505, 512, 520, 4_096, 65_000);

    private void If(GoShapeCode block, int number, int nesting)
    {
        PushCondition(block.Raw);
        block.If(Arm, _random.Chance(30) ? Arm : null);

        void Arm(GoShapeCode arm)
        {
            for (var count = _random.Between(1, 2); count > 0; count--)
                Statement(arm, number, nesting + 1);
        }
    }

    /// <summary>Leaves the block, forward or for good, where something holds.</summary>
    private void Leave(GoShapeCode block, int number)
    {
        // What the jump's target expects must have been assigned: not in an if, which would not count.
        int[] targets = [.. Enumerable.Range(number + 1, Last - number).Where(target => _expected[target].IsSubsetOf(_assigned))];
        PushCondition(block.Raw);

        if (targets.Length > 0 && _random.Chance(70))
            block.If(then => then.Jump(_random.Pick<int>(targets)));
        else if (_random.Chance(90))
            block.If(then => then.Pop(_frame + 8).Return());
        else
            block.If(then => then.Raw.Op(Opcode.Unreachable));
    }

    /// <summary>Several accesses by one address, most of them in the memory.</summary>
    private void Pointer(CodeWriter code, int nesting)
    {
        if (_random.Chance(50))
            code.Op(Opcode.GlobalGet, 1).Op(Opcode.I32WrapI64).I32(_random.Pick(0xFF, 0xFFF8)).Op(Opcode.I32And);
        else
            code.I32(_random.Pick(0x100, 0x100, 0x7FF0, 65_536 - 64, 65_536 - 8, 65_536, 131_072 - 4, -8));

        code.Set(4);

        if (nesting == 0)
            _assigned.Add(4);
        else if (!_assigned.Contains(4))
            return;

        for (var count = _random.Between(1, 4); count > 0; count--)
        {
            if (_random.Chance(30))
            {
                PushCondition(code);
                code.Op(Opcode.If, 0x40);
                Access(code);
                code.Op(Opcode.End);
            }
            else
            {
                Access(code);
            }
        }
    }

    private void Access(CodeWriter code)
    {
        var offset = (uint)_random.Pick(0, 0, 4, 8, 16, 56, 64, 1_024, 65_528);
        var isLoad = _random.Chance(50);

        if (isLoad)
            code.I32(0x130);

        code.Get(4);

        if (_random.Chance(30))
            code.I32(_random.Pick(4, 8, -8, 64)).Op(Opcode.I32Add);

        if (isLoad)
        {
            code.Op(_random.Pick<Opcode>(s_wideLoads), 0).U32(offset).Op(Opcode.I64Store, 3).U32(0);
        }
        else
        {
            PushWide(code);
            code.Op(_random.Pick<Opcode>(s_wideStores), 0).U32(offset);
        }
    }

    /// <summary>A call that is not in Go's convention, with operands that wait for it, or without.</summary>
    private void PlainCall(CodeWriter code)
    {
        var leaf = _random.Pick<uint>(_callees.Leaves);

        switch (_random.Below(6))
        {
            case 0:
                code.Get(1);
                Call().I64(_random.Below(100)).Op(Opcode.I64Store, 3).U32(8);
                break;
            case 1:
                code.I32(0x100);
                PushWide(code);
                PushWide(code);
                Call().Op(Opcode.I64Add).Op(Opcode.I64Store, 3).U32(0);
                break;
            case 2:
                code.I32(0x108);
                PushWide(code);
                code.Op(Opcode.Call, _callees.WideLeaf).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.I64Store, 3).U32(0);
                break;
            case 3:
                code.Get(1);
                PushWide(code);
                code.I32((int)_callees.WideLeaf).Op(Opcode.CallIndirect, GoShapeModule.Wide).U32(0).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.I64Store, 3).U32(Slot());
                break;
            case 4:
                code.I32((int)leaf).Op(Opcode.CallIndirect, GoShapeModule.Plain).U32(0).Op(Opcode.GlobalGet, 0).Set(1);
                break;
            default:
                Call();
                break;
        }

        CodeWriter Call() => code.Op(Opcode.Call, leaf).Op(Opcode.GlobalGet, 0).Set(1);
    }

    private void CallImport(CodeWriter code)
    {
        if (_callees.ImportType == GoShapeModule.Go)
        {
            code.I32(_random.Below(3)).Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1).Op(Opcode.If, 0x40).Op(Opcode.GlobalGet, 1).I64(9).Op(Opcode.I64Add).Op(Opcode.GlobalSet, 1).Op(Opcode.End);
            return;
        }

        if (_callees.ImportType == GoShapeModule.Take)
            code.Get(1);

        code.Op(Opcode.Call, 0).Op(Opcode.GlobalGet, 0).Set(1);
    }

    private void PushCondition(CodeWriter code)
    {
        switch (_random.Below(4))
        {
            case 0:
                code.Op(Opcode.GlobalGet, 1).I64(_random.Between(1, 7)).Op(Opcode.I64And).Op(Opcode.I64Eqz);
                break;
            case 1:
                code.Get(1).Op(Opcode.I32Load, 2).U32(Slot()).I32(1).Op(Opcode.I32And);
                break;
            case 2:
                PushWide(code);
                PushWide(code);
                code.Op(_random.Pick(Opcode.I64LtS, Opcode.I64LtU, Opcode.I64Eq, Opcode.I64GeU));
                break;
            default:
                PushWide(code);
                code.Op(Opcode.I64Eqz);
                break;
        }
    }

    /// <summary>Some i64.</summary>
    private void PushWide(CodeWriter code)
    {
        switch (_random.Below(8))
        {
            case 0 or 1 when _assigned.Contains(2):
                code.Get(2);
                break;
            case 2 or 3 when _assigned.Contains(3):
                code.Get(3);
                break;
            case 4 when _assigned.Contains(4):
                code.Get(4).Op(Opcode.I64ExtendI32U);
                break;
            case 5:
                code.Get(1).Op(_random.Pick<Opcode>(s_wideLoads), 0).U32(Slot());
                break;
            case 6:
                code.Op(Opcode.GlobalGet, 1);
                break;
            default:
                code.I64((long)_random.Bits64());
                break;
        }
    }

    private void Assign(CodeWriter code, uint local, int nesting)
    {
        switch (local)
        {
            case 2 or 3:
                PushWide(code);

                if (_random.Chance(50))
                {
                    PushWide(code);
                    code.Op(_random.Pick<Opcode>(s_wideOperations));
                }

                break;
            case 4:
                PushWide(code);
                code.Op(Opcode.I32WrapI64);

                if (_random.Chance(70))
                    code.I32(0xFFFF).Op(Opcode.I32And);

                break;
            default:
                // No NaN, whose bits are each engine's own.
                PushWide(code);
                code.Op(Opcode.F64ConvertI64S).Tee(5).Op(Opcode.GlobalGet, 1).Op(Opcode.F64ConvertI64S).Op(Opcode.F64Add);
                break;
        }

        code.Set(local);

        // Sometimes it is forgotten, or counted where it may not be: then the function is none of Go's.
        if (nesting == 0 ? !_random.Chance(1) : _random.Chance(1))
            _assigned.Add(local);

        if (_assigned.Contains(5) && _random.Chance(20))
            code.I32(0x120).Get(5).Op(Opcode.F64Store, 3).U32(0);
    }
}
