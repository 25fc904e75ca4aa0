using PluginHost.Wasm.Binary;
using PluginHost.Fuzz.Execution;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>What changes state and leaves the operand stack as it was.</summary>
internal sealed partial class GoFunctionWriter
{
    private void Statements(int count)
    {
        for (; count > 0; count--)
            Statement(3);
    }

    private void Statement(int depth)
    {
        if (--_budget < 0)
            return;

        switch (_random.Below(depth > 0 ? 26 : 12))
        {
            case 0 or 1 or 2 or 3:
                Assign(depth);
                break;
            case 4 or 5 or 6:
                Store(depth);
                break;
            case 7:
                MoveStackPointer(-8 * _random.Between(-2, 8), _random.Chance(85));
                break;
            case 8:
                SetGlobal(depth);
                break;
            case 9:
                Push(_random.Pick(ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64), depth);
                _code.Op(Opcode.Drop);
                break;
            case 10 when _layout.HasHost:
                Log();
                break;
            case 11:
                Increment();
                break;
            case 12 or 13 or 14:
                CallGo();
                break;
            case 15:
                StackCheck();
                break;
            case 16 or 17 or 18:
                Branch(depth);
                break;
            case 19 or 20:
                Conditional(depth);
                break;
            case 21:
                CountedLoop(depth);
                break;
            case 22:
                Bulk(depth);
                break;
            case 23:
                Swap(depth);
                break;
            case 24 when _random.Chance(25):
                Dispatch(nested: true);
                break;
            default:
                Assign(depth);
                break;
        }
    }

    private void Assign(int depth)
    {
        var type = _random.Pick(ValueType.I32, ValueType.I64, ValueType.I64, ValueType.F32, ValueType.F64);

        if (!TryLocal(type, out var local))
            (type, local) = (ValueType.I32, StackPointer);

        Push(type, depth);
        _code.Set(local);
    }

    /// <summary>x = x + c</summary>
    private void Increment()
    {
        var type = _random.Pick(ValueType.I32, ValueType.I64);

        if (!TryLocal(type, out var local))
            return;

        _code.Get(local).Const(type, _random.Value(type)).Op(type == ValueType.I32 ? Opcode.I32Add : Opcode.I64Add).Set(local);
    }

    private void SetGlobal(int depth)
    {
        // The fuel is the last and nobody else's; g only seldom changes, or no stack check passes.
        var index = _random.Below(GoLayout.Globals.Length - 1);

        if (index == 2 && _random.Chance(80))
            index = 1;

        if (_layout.HasHostGlobal && _random.Chance(20))
        {
            PushClean(ValueType.I64, depth);
            _code.Op(Opcode.GlobalSet, 0);
            return;
        }

        PushClean(GoLayout.Globals[index], depth);
        _code.Op(Opcode.GlobalSet, _layout.Global(index));
    }

    /// <summary>SP moved in its local and its global.</summary>
    private void MoveStackPointer(int distance, bool isExact)
    {
        var isSubtraction = distance < 0 && _random.Chance(80);
        _code.Get(StackPointer).I32(isSubtraction ? -distance : distance).Op(isSubtraction ? Opcode.I32Sub : Opcode.I32Add);

        if (isExact)
        {
            _code.Tee(StackPointer).Op(Opcode.GlobalSet, _layout.StackPointer);
            return;
        }

        switch (_random.Below(4))
        {
            case 0:
                _code.Set(StackPointer).Get(StackPointer).Op(Opcode.GlobalSet, _layout.StackPointer);
                break;
            case 1:
                _code.Op(Opcode.GlobalSet, _layout.StackPointer);
                break;
            case 2:
                _code.Tee(StackPointer).Op(Opcode.GlobalSet, _layout.Global(4));
                break;
            default:
                _code.Set(StackPointer);
                break;
        }
    }

    private void Store(int depth)
    {
        PushAddress(depth);
        var opcode = _random.Pick(
            Opcode.I32Store, Opcode.I64Store, Opcode.I64Store, Opcode.F32Store, Opcode.F64Store, Opcode.I32Store8, Opcode.I32Store16, Opcode.I64Store8, Opcode.I64Store16, Opcode.I64Store32);

        PushClean(Opcodes.Find(opcode)!.Operands[1], depth);
        WriteMemoryArgument(opcode);
    }

    /// <summary>The return address pushed, a call, SP read back, and the function left when the callee unwinds.</summary>
    private void CallGo()
    {
        if (_random.Chance(92))
            MoveStackPointer(_random.Chance(90) ? -8 : -16, _random.Chance(92));

        if (_random.Chance(92))
        {
            _code.Get(StackPointer);

            if (_random.Chance(90))
                _code.I64(_random.Chance(80) ? _random.Between(0, 1 << 24) : (long)_random.Bits64());
            else
                Push(ValueType.I64, 1);

            _code.Op(Opcode.I64Store, 3).U32(_random.Chance(92) ? 0U : 8);
        }

        if (_random.Chance(5))
            Statement(0);

        PushSelector();

        if (_random.Chance(80))
        {
            _code.Op(Opcode.Call, _layout.GoFunction(_random.Below(_layout.Functions)));
        }
        else
        {
            _code.I32(_random.Below(GoLayout.TableSize + 1)).Op(Opcode.CallIndirect, GoLayout.GoType).U32(0);
        }

        if (_random.Chance(90))
            _code.Op(Opcode.GlobalGet, _random.Chance(95) ? _layout.StackPointer : _layout.Global(4)).Set(_random.Chance(95) ? StackPointer : _scratchInteger());

        LeaveIfUnwound();

        uint _scratchInteger() => TryLocal(ValueType.I32, out var local) ? local : StackPointer;
    }

    /// <summary>With what a callee returned on the stack.</summary>
    private void LeaveIfUnwound()
    {
        if (_labels.Find(label => label.Kind == GoLabelKind.Block) is { } outermost && _random.Chance(80))
        {
            _code.Op(Opcode.BrIf, Depth(outermost));
        }
        else if (_random.Chance(70))
        {
            Enter(Opcode.If, new GoLabel(GoLabelKind.Block));
            ReturnValues();
            _code.Op(Opcode.Return);
            Leave();
        }
        else
        {
            _code.Op(Opcode.Drop);
        }
    }

    /// <summary>SP against the stack's end in g.</summary>
    private void StackCheck()
    {
        _code.Get(_random.Chance(95) ? StackPointer : 0);

        if (_locals[0] != ValueType.I32)
            _code.Op(Opcode.Drop).Get(StackPointer);

        if (_random.Chance(15))
            _code.I32(_random.Pick(-96, -1024, 8)).Op(Opcode.I32Add);

        _code.Op(Opcode.GlobalGet, _layout.Global(_random.Chance(95) ? 2 : 1)).Op(Opcode.I32WrapI64).Op(Opcode.I32Load, 2).U32(_random.Chance(90) ? 16 : _random.Bits32());
        _code.Op(_random.Chance(90) ? Opcode.I32LeU : _random.Pick(Opcode.I32LtU, Opcode.I32GtU, Opcode.I32LeS, Opcode.I32Eq));
        Enter(Opcode.If, new GoLabel(GoLabelKind.Block));

        if (_random.Chance(50))
            CallGo();
        else
            Statement(1);

        Leave();
    }

    /// <summary>A branch to some label, perhaps under a condition or by a table.</summary>
    private void Branch(int depth)
    {
        var plain = _labels.Where(label => label.Kind != GoLabelKind.Valued).ToArray();

        if (plain.Length == 0)
            return;

        var target = _random.Pick<GoLabel>(plain);

        if (target.Dispatch is not null && _random.Chance(80))
        {
            JumpIf(target);
            return;
        }

        if (plain.Any(label => label.Kind == GoLabelKind.Loop))
            SpendFuel();

        switch (_random.Below(10))
        {
            case 0:
                PushCondition();
                Enter(Opcode.If, new GoLabel(GoLabelKind.Block));
                _code.Op(Opcode.Br, Depth(target));
                Leave();
                break;
            case 1:
                Enter(Opcode.Block, new GoLabel(GoLabelKind.Block));
                Push(ValueType.I32, depth - 1);
                var count = _random.Below(5);
                _code.Op(Opcode.BrTable, (uint)count);

                for (; count >= 0; count--)
                    _code.U32(_random.Chance(50) ? 0 : Depth(_random.Pick<GoLabel>(plain)));

                Leave();
                break;
            default:
                PushCondition();
                _code.Op(Opcode.BrIf, Depth(target));
                break;
        }
    }

    private void Conditional(int depth)
    {
        PushCondition();
        Enter(Opcode.If, new GoLabel(GoLabelKind.Block));
        Statement(depth - 1);

        if (_random.Chance(40))
        {
            _code.Op(Opcode.Else);
            Statement(depth - 1);
        }

        Leave();
    }

    private void CountedLoop(int depth)
    {
        var loop = new GoLabel(GoLabelKind.Loop);
        Enter(Opcode.Loop, loop);
        Statement(depth - 1);
        SpendFuel();
        PushCondition();
        _code.Op(Opcode.BrIf, Depth(loop));
        Leave();
    }

    private void Bulk(int depth)
    {
        switch (_random.Below(4))
        {
            case 0:
                PushAddress(depth - 1);
                Push(ValueType.I32, 1);
                _code.I32(_random.Below(200)).Op(Opcode.MemoryFill, 0);
                break;
            case 1:
                PushAddress(depth - 1);
                PushAddress(depth - 1);
                _code.I32(_random.Below(200)).Op(Opcode.MemoryCopy, 0).U32(0);
                break;
            case 2:
                PushAddress(depth - 1);
                _code.I32(_random.Below(40)).I32(_random.Below(40)).Op(Opcode.MemoryInit, 0).U32(0);
                break;
            default:
                if (_random.Chance(10))
                    _code.Op(Opcode.DataDrop, 0);

                break;
        }
    }

    /// <summary>A block that takes and gives several values.</summary>
    private void Swap(int depth)
    {
        Push(ValueType.I32, depth - 1);
        Push(ValueType.I64, depth - 1);
        _code.Op(Opcode.Block).TypeIndex(GoLayout.SwapType);
        _labels.Add(new GoLabel(GoLabelKind.Valued));

        if (TryLocal(ValueType.I64, out var wide))
            _code.Set(wide);
        else
            _code.Op(Opcode.Drop);

        _code.Set(StackPointer);
        Push(ValueType.I64, depth - 1);
        Push(ValueType.I32, depth - 1);

        if (_random.Chance(50))
        {
            PushCondition();
            _code.Op(Opcode.BrIf, 0);
        }

        Leave();
        _code.Op(Opcode.Drop).Op(Opcode.Drop);
    }

    private void Log()
    {
        var item = _random.Below(HostModule.Fuzzing.Items.Count);

        foreach (var type in HostModule.Fuzzing.Items[item].Parameters)
            PushClean(type, 1);

        _code.Op(Opcode.Call, (uint)item);

        foreach (var type in HostModule.Fuzzing.Items[item].Results.Reverse())
        {
            if (TryLocal(type, out var local))
                _code.Set(local);
            else
                _code.Op(Opcode.Drop);
        }
    }
}
