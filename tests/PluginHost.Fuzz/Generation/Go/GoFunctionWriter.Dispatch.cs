using PluginHost.Wasm.Binary;

namespace PluginHost.Fuzz.Generation.Go;

/// <summary>The dispatch loop and the jumps through it.</summary>
internal sealed partial class GoFunctionWriter
{
    private void Dispatch(bool nested)
    {
        var blocks = _random.Between(1, nested ? 4 : 9);
        var selector = Selector();
        var targets = Enumerable.Range(0, _random.Between(0, blocks + 2)).Select((_, i) => _random.Chance(80) ? Math.Min(i, blocks) : _random.Below(blocks + 1));
        var dispatch = new GoDispatch(selector, [.. targets, _random.Chance(50) ? blocks - 1 : _random.Below(blocks + 1)]);
        var exit = new GoLabel(GoLabelKind.Block);
        var loop = new GoLabel(GoLabelKind.Loop, dispatch);
        var hasExit = _random.Chance(85);

        if (hasExit)
            Enter(Opcode.Block, exit);

        if (selector != 0 && _locals[0] == ValueType.I32)
            _code.Get(0).Set(selector);

        Enter(Opcode.Loop, loop);

        if (_random.Chance(4))
            Statement(1);

        for (var i = 0; i < blocks; i++)
            Enter(Opcode.Block, new GoLabel(GoLabelKind.Block));

        // One more, so that a target may be the end of all blocks, as in Go the label of the function's end is.
        Enter(Opcode.Block, new GoLabel(GoLabelKind.Block));

        if (_random.Chance(4))
            Statement(1);

        WriteTable(dispatch, blocks);

        for (dispatch.Current = 0; dispatch.Current < blocks; dispatch.Current++)
        {
            Leave();
            Statements(_random.Between(0, 4));
            EndBlock(loop, hasExit ? exit : null);
        }

        Leave();
        Leave();

        if (_random.Chance(60) && !nested)
            _code.Op(Opcode.Unreachable);

        if (hasExit)
            Leave();
    }

    private uint Selector()
    {
        if (_locals[0] == ValueType.I32 && _random.Chance(90))
            return 0;

        return TryLocal(ValueType.I32, out var local) ? local : StackPointer;
    }

    private void WriteTable(GoDispatch dispatch, int blocks)
    {
        if (_random.Chance(96))
            _code.Get(dispatch.Selector);
        else
            Push(ValueType.I32, 1);

        if (_random.Chance(3))
            _code.I32(_random.Between(-1, 1)).Op(Opcode.I32Add);

        _code.Op(Opcode.BrTable, (uint)dispatch.Targets.Length - 1);

        foreach (var target in dispatch.Targets)
            _code.U32((uint)Math.Min(target, blocks));
    }

    /// <summary>Ends a block by a jump, a return, or not at all.</summary>
    private void EndBlock(GoLabel loop, GoLabel? exit)
    {
        switch (_random.Below(12))
        {
            case 0 or 1:
                break;
            case 2 or 3 or 4:
                Jump(loop);
                break;
            case 5 or 6 or 7:
                JumpIf(loop);
                break;
            case 8:
                Return();
                break;
            case 9 when exit is not null:
                _code.Op(Opcode.Br, Depth(exit));
                break;
            case 10 when IsGo:
                PushSelector();
                _code.Op(Opcode.ReturnCall, _layout.GoFunction(_random.Below(_layout.Functions)));
                break;
            default:
                if (_random.Chance(30))
                    _code.Op(Opcode.Unreachable);

                break;
        }

        if (_random.Chance(8))
            Statement(1);
    }

    private int Constant(GoDispatch dispatch) => _random.Below(10) switch
    {
        0 => (int)_random.Bits32(),
        1 => dispatch.Targets.Length,
        2 => dispatch.Targets.Length - 1,
        _ => _random.Below(dispatch.Targets.Length),
    };

    /// <summary>An assignment to the selector and a branch to the loop, or something alike.</summary>
    private void Jump(GoLabel loop)
    {
        var dispatch = loop.Dispatch!;
        var constant = Constant(dispatch);
        var isPlain = _random.Chance(75);

        if (!isPlain || !dispatch.GoesForward(constant))
            SpendFuel();

        if (isPlain)
        {
            _code.I32(constant).Set(dispatch.Selector).Op(Opcode.Br, Depth(loop));
            return;
        }

        switch (_random.Below(8))
        {
            case 0:
                _code.I32(constant).Tee(dispatch.Selector).Op(Opcode.Drop).Op(Opcode.Br, Depth(loop));
                break;
            case 1:
                Push(ValueType.I32, 1);
                _code.Set(dispatch.Selector).Op(Opcode.Br, Depth(loop));
                break;
            case 2:
                _code.I32(constant).Set(dispatch.Selector);
                Statement(1);
                _code.Op(Opcode.Br, Depth(loop));
                break;
            case 3:
                _code.I32(constant).Set(dispatch.Selector);
                PushCondition();
                _code.Op(Opcode.BrIf, Depth(loop));
                break;
            case 4:
                PushCondition();
                Enter(Opcode.If, new GoLabel(GoLabelKind.Block));
                _code.I32(constant).Set(dispatch.Selector);
                Leave();
                _code.Op(Opcode.Br, Depth(loop));
                break;
            case 5:
                _code.I32(constant).Set(StackPointer).Op(Opcode.Br, Depth(loop));
                break;
            case 6:
                Push(_random.Pick(ValueType.I32, ValueType.I64, ValueType.F64), 1);
                _code.I32(constant).Set(dispatch.Selector).Op(Opcode.Br, Depth(loop));
                break;
            default:
                Enter(Opcode.Block, new GoLabel(GoLabelKind.Block));
                _code.I32(constant).Set(dispatch.Selector).Op(Opcode.Nop).Op(Opcode.Br, Depth(loop));
                Leave();
                break;
        }
    }

    /// <summary>A comparison and an <c>if</c> around nothing but a jump, or something alike.</summary>
    private void JumpIf(GoLabel loop)
    {
        var dispatch = loop.Dispatch!;
        var constant = Constant(dispatch);

        if (!dispatch.GoesForward(constant))
            SpendFuel();

        PushCondition();
        Enter(Opcode.If, new GoLabel(GoLabelKind.Block));

        if (_random.Chance(80))
            _code.I32(constant).Set(dispatch.Selector).Op(Opcode.Br, Depth(loop));
        else
            Jump(loop);

        if (_random.Chance(15))
        {
            _code.Op(Opcode.Else);

            if (_random.Chance(50))
                Jump(loop);
            else
                Statement(1);
        }

        Leave();
    }

    /// <summary>SP moved up and 0 returned, or something alike.</summary>
    private void Return()
    {
        if (_random.Chance(85))
            MoveStackPointer(_random.Pick(8, 16, 24, 128), _random.Chance(90));

        if (IsGo && _random.Chance(85))
            _code.I32(0);
        else
            ReturnValues();

        _code.Op(Opcode.Return);
    }

    /// <summary>The argument of a call of a Go function.</summary>
    private void PushSelector()
    {
        if (_random.Chance(85))
            _code.I32(_random.Chance(80) ? 0 : _random.Between(-1, 9));
        else
            Push(ValueType.I32, 1);
    }
}
